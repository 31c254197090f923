import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { findRedis } from '../../../local/servers/find-redis.ts';
import { redisAnswers } from '../../../local/servers/redis.ts';
import { startProgram } from '../../../local/supervise/program.ts';
import { inTime } from './in-time.ts';

/** A Redis that a test may freeze, kill and fill with nonsense without hurting any other test. */
export type OwnRedis = {
  url: string;
  port: number;
  /** Nothing happens to one that was killed. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  start(): Promise<void>;
};

/** Starts a Redis for this test file alone; null when this machine has none and none can be fetched. */
export async function startOwnRedis(): Promise<OwnRedis | null> {
  const binary = await findRedis(() => {});
  if (!binary) return null;
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const logFolder = await mkdtemp(join(tmpdir(), 'quittance-redis-'));
  const plan = {
    name: 'redis',
    command: binary.path,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    env: { PATH: process.env['PATH'], ...binary.env },
    cwd: '/',
    stopSignal: 'SIGTERM',
    stopWithinMs: inTime(5_000),
    answers: () => redisAnswers(url),
    readyWithinMs: inTime(30_000),
    loudness: 'nothing',
  } as const;
  const launch = () => startProgram(plan, { logFolder, print: () => {}, restartAfterMs: null });
  let program = launch();
  await program.whenReady();
  const signal = (name: NodeJS.Signals) => {
    const pid = program.pid();
    if (pid !== null) process.kill(pid, name);
  };
  return {
    url,
    port,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    kill: async () => {
      await program.kill();
      await program.stop();
      rmSync(logFolder, { recursive: true, force: true });
    },
    start: async () => {
      program = launch();
      await program.whenReady();
    },
  };
}
