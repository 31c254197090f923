import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { check } from '../../../domain/check.ts';
import type { TakenItem } from './invariants.ts';

/** The simulator as a test sees it: where it is, what it believes, its controls, its end. */
export type Bank = {
  url: string;
  truth(): Promise<TakenItem[]>;
  control(path: string, body: object): Promise<void>;
  end(): Promise<void>;
};

/** A bank in a process of its own, with a journal of its own. One that exits (account 7730011) is started again on the same port. */
export async function startBank(): Promise<Bank> {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-bank-'));
  let isWanted = true;
  let child: ChildProcess;
  const start = async (port: number): Promise<string> => {
    child = spawn(process.execPath, [fileURLToPath(new URL('../../../simulator/main.ts', import.meta.url))], {
      env: {
        ...process.env,
        SIMULATOR_PORT: String(port),
        SIMULATOR_JOURNAL: join(folder, 'journal.jsonl'),
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = child;
    check(stdout, 'the bank has a stdout');
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).once('line', (line) => resolve(JSON.parse(line).url));
      child.once('exit', (code) => reject(new Error(`the bank ended with code ${code} before it listened`)));
    });
    stdout.resume();
    child.once('exit', () => {
      if (isWanted) void start(Number(new URL(url).port));
    });
    return url;
  };
  const url = await start(0);
  return {
    url,
    truth: async () => {
      const { body } = await request(`${url}/control/truth?limit=10000`);
      const { data } = (await body.json()) as { data: TakenItem[] };
      return data;
    },
    control: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await request(`${url}/control/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      check(answer.statusCode === 200, `the bank did not take /control/${path}`);
      await answer.body.dump();
    },
    end: async () => {
      isWanted = false;
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
