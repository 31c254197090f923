import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainError } from './explain-error.ts';

const startMs = 60_000;
let taken: Server;
let busy = 0;
beforeAll(async () => {
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  busy = (taken.address() as AddressInfo).port;
});
afterAll(() => void taken.close());

/** Nothing listens on port 1. */
const nobody = '127.0.0.1:1';
/** The test's own server, with something in its address that is wrong. */
const onServer = (change: (url: URL) => void) => () => {
  const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
  change(url);
  return { DATABASE_URL: url.href };
};
const database = { DATABASE_URL: `postgres://somebody:secret@${nobody}/quittance` };

test.each([
  ['api/main.ts', () => ({}), 'These settings cannot be used:\n  DATABASE_URL: must be a URL'],
  [
    'api/main.ts',
    () => ({ ...database, API_PORT: String(busy), API_METRICS_PORT: '0' }),
    'is taken by another program',
  ],
  [
    'worker/main.ts',
    () => ({ DATABASE_URL: 'nonsense' }),
    'These settings cannot be used:\n  DATABASE_URL: must be a URL',
  ],
  [
    'worker/main.ts',
    () => ({ ...database, TEMPORAL_ADDRESS: nobody }),
    'Temporal at TEMPORAL_ADDRESS cannot be used: connection refused',
  ],
  ['drizzle/migrate.ts', () => database, `Nothing answers at ${nobody}`],
  [
    'drizzle/migrate.ts',
    onServer((url) => {
      url.pathname = '/absent';
    }),
    'The server in DATABASE_URL has no such database: create it',
  ],
  [
    'drizzle/migrate.ts',
    onServer((url) => {
      url.password = 'secret-of-nobody';
    }),
    'The server in DATABASE_URL says that the password is wrong: correct it',
  ],
])(
  '%s that cannot start ends with a sentence, no stack and exit code 1 (%#)',
  async (program, settings, sentence) => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [fileURLToPath(new URL(`../${program}`, import.meta.url))], {
      env: { PATH, ...settings() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^\s+at |Node\.js v/m);
    expect(output).not.toContain('secret');
    expect(code).toBe(1);
  },
  startMs,
);

/** Started; then, on a signal, it throws an uncaught error of a lost connection. */
const lateError = `process.once('SIGUSR2', () => {
  throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect', address: 'x', port: 1 });
})`;

test(
  'a program that has started ends with an alarm, the stack in it, and exit code 1',
  async () => {
    const { PATH = '' } = process.env;
    const program = fileURLToPath(new URL('../api/main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURI(lateError)}`, program], {
      env: { PATH, ...database, API_PORT: '0', API_METRICS_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: { alarm?: string; msg: string; err?: { stack: string } }[] = [];
    const ended = Promise.all([text(child.stderr), once(child, 'exit')]);
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.msg === 'listening') setImmediate(() => child.kill('SIGUSR2'));
    }
    const [output, [code]] = await ended;
    expect(output).toBe('');
    // Other parts may still say that their servers are away.
    const last = lines.find(({ alarm }) => alarm !== undefined);
    expect(last).toMatchObject({ alarm: 'uncaught_error', err: { message: 'connect ECONNREFUSED' } });
    expect(last?.err?.stack).toMatch(/^\s+at /m);
    expect(code).toBe(1);
  },
  startMs,
);

test('an unknown error is a bug, and keeps its stack', () => {
  expect(explainError(new TypeError('undefined is not a function'))).toBeNull();
  expect(explainError('thrown by a library')).toBeNull();
});
