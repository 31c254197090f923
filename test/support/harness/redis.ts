import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../../local/cache-folder.ts';
import { freePort } from '../../../local/ports.ts';
import { findRedis } from '../../../local/servers/find-redis.ts';
import { redisAnswers } from '../../../local/servers/redis.ts';

/** A Redis that a test may freeze, kill and fill with nonsense without hurting any other test. */
export type OwnRedis = {
  url: string;
  port: number;
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  start(): Promise<void>;
};

const readyWithinMs = 10_000;

/** Starts a Redis for this test file alone; null when this machine has none and none can be fetched. */
export async function startOwnRedis(): Promise<OwnRedis | null> {
  const binary = await findRedis(cacheFolder(), () => {});
  if (!binary) return null;
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  const own: OwnRedis = {
    url,
    port,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    kill: async () => {
      const dying = server;
      server = null;
      if (!dying || dying.exitCode !== null) return;
      const gone = new Promise((resolve) => dying.once('exit', resolve));
      dying.kill('SIGKILL');
      await gone;
    },
    start: async () => {
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      server = spawn(binary.path, args, { env: { PATH: process.env['PATH'], ...binary.env }, stdio: 'ignore' });
      await until(() => redisAnswers(url));
    },
  };
  await own.start();
  return own;
}

async function until(answers: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (!(await answers().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('the test’s own Redis did not start');
    await sleep(20);
  }
}
