import { join } from 'node:path';
import { Redis } from 'ioredis';
import writeFileAtomic from 'write-file-atomic';
import { codeOf } from '../../config/error-fields.ts';
import type { Print } from '../start-fault.ts';
import type { ProgramGroup } from '../supervise/program-group.ts';
import { findRedis } from './find-redis.ts';

/** A Redis that we start: only a cache, so it writes nothing to disk. */
export type RedisOptions = { folder: string; port: number; password: string };

const answerWithinMs = 2_000;

/** Starts one, and returns its address and where its program comes from; null when no Redis is available here. */
export async function startRedis(
  options: RedisOptions,
  group: ProgramGroup,
  print: Print,
): Promise<{ url: string; origin: string } | null> {
  const binary = await findRedis(print);
  if (!binary) return null;
  const url = `redis://:${options.password}@127.0.0.1:${options.port}`;
  const file = join(options.folder, 'redis.conf');
  await group.start({
    name: 'redis',
    command: binary.path,
    args: [file],
    env: { PATH: process.env['PATH'], ...binary.env },
    cwd: options.folder,
    // In a file, because every user of the machine can read a command line.
    before: async () => writeFileAtomic.sync(file, configuration(options), { mode: 0o600 }),
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    answers: () => redisAnswers(url),
    readyWithinMs: 15_000,
    loudness: 'nothing', // Its warnings are about saving to disk, which it never does here.
  });
  return { url, origin: binary.origin };
}

function configuration({ port, password }: RedisOptions): string {
  const settings = {
    bind: '127.0.0.1',
    port,
    'protected-mode': 'yes',
    requirepass: password,
    save: '""',
    appendonly: 'no',
    maxmemory: '64mb',
    'maxmemory-policy': 'allkeys-lru',
    loglevel: 'warning',
    dir: '.', // Where it is started, whatever is in the name of that folder.
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

/**
 * Whether a Redis at that address accepts our login and answers. With the client that our programs use, so that what works
 * here is good for them. Throws what the connection threw, or why it was refused, with a code.
 */
export async function redisAnswers(url: string, ca: string | null = null): Promise<boolean> {
  const waits = { connectTimeout: answerWithinMs, commandTimeout: answerWithinMs };
  const tls = ca === null ? {} : { tls: { ca } };
  const client = new Redis(url, {
    ...waits,
    ...tls,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  // The first error has the reason; later ones only say that the connection is closed.
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

/** The client's errors have messages and no codes. */
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
