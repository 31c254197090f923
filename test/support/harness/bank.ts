import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { check } from '../../../domain/check.ts';
import { freePort } from '../../../local/ports.ts';
import type { Program } from '../../../local/supervise/program.ts';
import type { TakenItem } from './invariants.ts';
import { startTestProgram } from './program.ts';

/** The simulator as a test sees it: where it is, what it has taken, its controls, its end. */
export type Bank = {
  url: string;
  truth(): Promise<TakenItem[]>;
  control(path: string, body: object): Promise<void>;
  end(): Promise<void>;
};

/** The simulator as a program on that port. Its journal stands beside its log. */
export function startSimulator(port: number, logFolder: string): Program {
  const env = { SIMULATOR_PORT: String(port), SIMULATOR_JOURNAL: join(logFolder, 'bank.jsonl'), LOG_LEVEL: 'info' };
  return startTestProgram({ name: 'simulator', env, health: `http://127.0.0.1:${port}/ping`, logFolder });
}

/** A bank in a process of its own, with a journal of its own. */
export async function startBank(): Promise<Bank> {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-bank-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = startSimulator(port, folder);
  await program.whenReady();
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
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
