import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execaSync } from 'execa';
import { inTime } from '../test/support/harness/in-time.ts';
import { freePort } from './ports.ts';
import { portNames } from './settings.ts';
import { type RunningCopy, readState } from './state-file.ts';

const readyWithinMs = inTime(120_000);
const start = join(import.meta.dirname, 'start.ts');
/** A folder whose name means something in a URI, as that of a person may. */
const folder = mkdtempSync(join(tmpdir(), 'quittance start #1 100% ?a=b '));
const launched: Launched[] = [];
/** What the shell of a developer has for other programs; each of them broke a start, or printed a password. */
const ofOtherPrograms = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  grpc_proxy: 'http://127.0.0.1:9',
  NODE_USE_ENV_PROXY: '1',
  PGSSLMODE: 'require',
  PGOPTIONS: '-c default_transaction_read_only=on',
  TEMPORAL_API_KEY: 'a-key-of-the-cloud',
  TEMPORAL_NAMESPACE: 'of-the-cloud',
  DEBUG: '*',
};
/** Another address than the one that everything else here listens on. */
const apiHost = '127.0.0.2';
const environment: Record<string, string | undefined> = {
  ...{ ...process.env, ...ofOtherPrograms },
  ...{ NODE_OPTIONS: '', LOCAL_DATA: folder, API_HOST: apiHost },
};

beforeAll(async () => {
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'REDIS_URL', 'STORAGE_URL', 'TEMPORAL_UI_URL'])
    environment[name] = '';
  for (const name of portNames) environment[name] = String(await freePort());
});
afterAll(async () => {
  const left = launched.flatMap((one) => programsOf(one));
  for (const { process: launcher } of launched) launcher.kill('SIGKILL');
  while (left.some(isAlive)) await sleep(100);
  rmSync(folder, { recursive: true, force: true });
});

test(
  'money and accounts survive SIGKILL of each program and of the launcher, which ends everything; Ctrl-C ends all that it started',
  async () => {
    const first = launch();
    const before = await readyOf(first);
    expect(new URL(before.api).hostname).toBe(apiHost);
    expect(readdirSync(folder)).toContain('temporal.db');
    expect(await moveMoney(before, 'one')).toBe(201);
    const programs = programsOf(first);
    expect(programs.length).toBeGreaterThanOrEqual(5);
    for (const { pid } of programs) process.kill(pid, 'SIGKILL');
    expect(await moveMoney(before, 'two')).toBe(201);
    expect(await postedOf(before, before.accounts.ada)).toBe('97500');
    const orphans = programsOf(first);
    expect(orphans.map(({ pid }) => pid)).not.toEqual(expect.arrayContaining([programs[0]?.pid]));

    first.process.kill('SIGKILL');
    await first.exit;

    const second = launch();
    const after = await readyOf(second);
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(after).toMatchObject({ accounts: before.accounts, key: before.key, tenant: before.tenant });
    expect(await postedOf(after, after.accounts.ada)).toBe('97500');

    const beside = launch();
    expect(await beside.exit).toBe(1);
    await beside.closed;
    expect(beside.words().trim()).toMatch(/^Quittance already runs at http:\S+ \(pid \d+\): [^\n]+$/);

    const { redis } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as { redis: string };
    const logs = readdirSync(join(folder, 'logs')).map((name) => readFileSync(join(folder, 'logs', name), 'utf8'));
    expect(logs.join('') + second.words()).not.toContain(redis);
    expect(second.words()).toMatch(/without effect on what runs here: http_proxy, .*PGSSLMODE/);

    const own = programsOf(second);
    second.process.kill('SIGINT');
    expect(await second.exit).toBe(0);
    expect(own.filter(isAlive)).toEqual([]);
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
  },
  inTime(400_000),
);

type Launched = {
  process: ChildProcess;
  exit: Promise<number | null>;
  /** Its output has ended too, which the supervisor writes as well. */
  closed: Promise<unknown>;
  words: () => string;
};

function launch(): Launched {
  const launcher = spawn(process.execPath, [start], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
  }
  const one = {
    ...{ process: launcher, words: () => words },
    exit: once(launcher, 'exit').then(([code]) => code),
    closed: once(launcher, 'close'),
  };
  launched.push(one);
  return one;
}

async function readyOf(one: Launched): Promise<RunningCopy> {
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const ready = readState(folder);
    if (ready && ready.pid === one.process.pid) return ready;
    const over = one.process.exitCode !== null || performance.now() > until;
    if (over) throw new Error(`it did not become ready:\n${one.words()}`);
    await sleep(50);
  }
}

type OneProcess = { pid: number; startedAt: string };

/** The programs of a launcher: the children of its child, the supervisor. */
function programsOf({ process: launcher }: Launched): OneProcess[] {
  const { stdout } = execaSync('ps', ['-A', '-o', 'pid=,ppid=']);
  const all = stdout.split('\n').map((line) => {
    const [pid, parent] = line.trim().split(/ +/).map(Number);
    return { pid: pid ?? 0, parent };
  });
  const supervisor = all.find(({ parent }) => parent === launcher.pid);
  const own = all.filter(({ parent }) => supervisor && parent === supervisor.pid);
  return own.map(({ pid }) => ({ pid, startedAt: startOf(pid) ?? '' }));
}

/** Another process may get the same pid later; it then has another start. A zombie has ended. */
const isAlive = ({ pid, startedAt }: OneProcess): boolean => startOf(pid) === startedAt;

function startOf(pid: number): string | null {
  const { stdout } = execaSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { reject: false });
  const [, state = '', startedAt = null] = /^(\S+) +(.*\S)/.exec(stdout.trim()) ?? [];
  return state.startsWith('Z') ? null : startedAt;
}

/** Sends the same request with the same key for as long as the answer says that this may be done. */
async function moveMoney(ready: RunningCopy, key: string): Promise<number> {
  const { ada, grace } = ready.accounts;
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await answerOf(`${ready.api}/v1/transfers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ready.key}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        amount: '1250',
        currency: 'USD',
        rail: 'book',
        source: { account_id: ada },
        destination: { account_id: grace },
      }),
    });
    await answer?.body?.cancel();
    if (answer && (answer.status !== 503 || performance.now() > until)) return answer.status;
    await sleep(250);
  }
}

/** Null while there is no listener. */
const answerOf = (url: string, request: RequestInit): Promise<Response | null> => fetch(url, request).catch(() => null);

async function postedOf(ready: RunningCopy, account: string): Promise<unknown> {
  const answer = await fetch(`${ready.api}/v1/accounts/${account}/balance`, {
    headers: { authorization: `Bearer ${ready.key}` },
  });
  const balance = (await answer.json()) as { posted: string };
  return balance.posted;
}
