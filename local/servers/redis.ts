import { join } from 'node:path';
import { Redis } from 'ioredis';
import { codeOf } from '../../config/error-fields.ts';
import { writeAtomically } from '../json-file.ts';
import type { ChildPlan } from '../supervise/program.ts';
import type { RedisBinary } from './find-redis.ts';

/** A Redis of ours: a cache and nothing more, so it writes nothing to disk. */
export type RedisOptions = { binary: RedisBinary; folder: string; port: number; password: string };

const answerWithinMs = 2_000;

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

/**
 * Whether a Redis at that address takes our login and answers. Asked by the client that our programs use, so that what is good
 * here is good for them. Throws what the connection threw, or why it said no, with a code.
 */
export async function redisAnswers(url: string): Promise<boolean> {
  const waits = { connectTimeout: answerWithinMs, commandTimeout: answerWithinMs };
  const client = new Redis(url, { ...waits, lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null });
  // The first fault tells why; those after it only that the connection is closed.
  let fault: Error | null = null;
  client.on('error', (error: Error) => {
    fault ??= error;
  });
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch (error) {
    throw withCode(fault ?? error);
  } finally {
    client.disconnect();
  }
}

/** The client's faults have words and no codes. */
const codes: readonly [RegExp, string][] = [
  [/^NOAUTH/, 'NOAUTH'],
  // Before version 6 a wrong password was an ERR like any other.
  [/^WRONGPASS|invalid password/i, 'WRONGPASS'],
  [/timed out/i, 'ETIMEDOUT'],
  [/connection is closed/i, 'ECONNRESET'],
  [/unknown RESP type/i, 'NOTREDIS'],
];

function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || codeOf(error) !== '') return error;
  const [, code = 'ERR'] = codes.find(([words]) => words.test(error.message)) ?? [];
  return Object.assign(new Error(`it answered "${error.message.slice(0, 120)}"`, { cause: error }), { code });
}
