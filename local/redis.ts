import { connect } from 'node:net';
import { join } from 'node:path';
import type { ChildPlan } from './child.ts';
import type { RedisBinary } from './find-redis.ts';
import { writeAtomically } from './write-atomically.ts';

/** A Redis of ours: a cache and nothing more, so it writes nothing to disk. */
export type RedisOptions = { binary: RedisBinary; folder: string; port: number; password: string };

const answerWithinMs = 1_000;

/** The address that our programs use. */
export function redisUrl(options: { port: number; password: string }): string {
  return `redis://:${options.password}@127.0.0.1:${options.port}`;
}

/** The plan that keeps this Redis running. The password goes by a file, because a command line can be read by all. */
export function redisPlan(options: RedisOptions): ChildPlan {
  const file = join(options.folder, 'redis.conf');
  const settings = {
    bind: '127.0.0.1',
    port: options.port,
    'protected-mode': 'yes',
    requirepass: options.password,
    save: '""',
    appendonly: 'no',
    maxmemory: '64mb',
    'maxmemory-policy': 'allkeys-lru',
    loglevel: 'warning',
    dir: `"${options.folder}"`,
  };
  return {
    name: 'redis',
    command: options.binary.path,
    args: [file],
    env: { PATH: process.env['PATH'], ...options.binary.env },
    cwd: options.folder,
    before: async () => {
      writeAtomically(
        file,
        Object.entries(settings)
          .map(([name, value]) => `${name} ${value}\n`)
          .join(''),
      );
    },
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    answers: () => redisAnswers(redisUrl(options)),
    readyWithinMs: 15_000,
    loudness: 'nothing', // Its warnings are about saving to disk, which it never does here.
  };
}

/** Whether a Redis at that address answers PING (or at least speaks the protocol). Throws what the connection threw. */
export function redisAnswers(url: string): Promise<boolean> {
  const { hostname, port, username, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: answerWithinMs });
    const login = password ? ['AUTH', ...(username ? [username] : []), password].map(decodeURIComponent).join(' ') : '';
    socket.once('connect', () => socket.write(`${login && `${login}\r\n`}PING\r\n`));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(/^[+-]/.test(answer.toString()));
    });
    socket.once('error', reject);
    socket.once('timeout', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
