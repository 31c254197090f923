import { connect, isIP, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectPrivately } from 'node:tls';
import type { ChildPlan } from './child.ts';
import type { RedisBinary } from './find-redis.ts';
import { writeAtomically } from './write-atomically.ts';

/** A Redis of ours: a cache and nothing more, so it writes nothing to disk. */
export type RedisOptions = { binary: RedisBinary; folder: string; port: number; password: string };

const answerWithinMs = 2_000;
/** An answer to what we ask is a line; more is something else that talks. */
const answerCharactersMax = 4_096;

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

/** Whether a Redis at that address takes our login and answers PING. Throws what the connection threw, or why it said no. */
export async function redisAnswers(url: string): Promise<boolean> {
  const asked = commandsOf(new URL(url));
  const answers = await ask(url, asked);
  for (const [index, answer] of answers.entries()) {
    if (!/^[+-]/.test(answer)) throw refused('NOTREDIS', 'what answers there is not a Redis');
    // A login that nobody asked for is no harm: the clients go on without it too.
    const isNeedless = asked[index]?.[0] === 'AUTH' && /without any password|no password is set/i.test(answer);
    if (answer.startsWith('-') && !isNeedless) throw refused(codeOfNo(answer), `it answered "${answer.slice(1, 120)}"`);
  }
  return true;
}

/** What a program of ours says first at that address. */
function commandsOf({ username, password, pathname }: URL): string[][] {
  const login = password ? [['AUTH', ...(username ? [username] : []), password].map(decodeURIComponent)] : [];
  const database = /^\/\d+$/.test(pathname) ? [['SELECT', pathname.slice(1)]] : [];
  return [...login, ...database, ['PING']];
}

/** The first line of the answer to each command. */
function ask(url: string, commands: readonly string[][]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = open(new URL(url), () => socket.write(commands.map(onTheWire).join('')));
    const end = (fault: Error | null) => {
      clearTimeout(limit);
      socket.destroy();
      if (fault) reject(fault);
      else resolve(text.split('\r\n').slice(0, commands.length));
    };
    const limit = setTimeout(() => end(refused('ETIMEDOUT', 'no answer in time')), answerWithinMs);
    socket.on('data', (piece: Buffer) => {
      text = (text + piece.toString()).slice(0, answerCharactersMax);
      const isStrange = !/^[+-]/.test(text);
      if (isStrange || text.split('\r\n').length > commands.length || text.length === answerCharactersMax) end(null);
    });
    socket.once('error', end);
    socket.once('close', () => end(refused('ECONNRESET', 'the connection was cut')));
  });
}

function open({ protocol, hostname, port }: URL, connected: () => void): Socket {
  const at = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  return protocol === 'rediss:'
    ? connectPrivately({ ...at, ...(!isIP(at.host) && { servername: at.host }) }, connected)
    : connect(at, connected);
}

const onTheWire = (command: readonly string[]): string =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** Before version 6 a wrong password was an ERR like any other. */
function codeOfNo(answer: string): string {
  return /invalid password/i.test(answer) ? 'WRONGPASS' : (/^-(\w+)/.exec(answer)?.[1] ?? '');
}

function refused(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
