import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTime } from '../test/support/harness/in-time.ts';
import { freePort } from './ports.ts';
import { portNames } from './settings.ts';

/** A start that cannot succeed ends immediately with a sentence, before it has started anything. */
const start = join(import.meta.dirname, 'start.ts');
const folder = mkdtempSync(join(tmpdir(), 'quittance-refusals-'));
const data = join(folder, 'data');
const environment: Record<string, string | undefined> = { ...process.env, NODE_OPTIONS: '', LOCAL_DATA: data };
const servers: Server[] = [];
/** Much longer than any of them takes, and shorter than a second try of a program. */
const caseMs = inTime(60_000);
const startedMs = inTime(30_000);

beforeAll(async () => {
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'REDIS_URL', 'STORAGE_URL', 'TEMPORAL_UI_URL'])
    environment[name] = '';
  for (const name of portNames) environment[name] = String(await freePort());
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [
    { LOG_LEVEL: 'loud', SHUTDOWN_GRACE_MS: 'x', RAIL_INSTANT_RETRY_MS: '-1' },
    /^These settings cannot be used:\n {2}LOG_LEVEL: [^\n]+\n {2}RAIL_INSTANT_RETRY_MS: must [^\n]+\n {2}SHUTDOWN_GRACE_MS: must be milliseconds\. [^\n]+$/,
  ],
  [{ LOCAL_DATA: join(folder, 'file') }, /^\S+\/file is a file, and a folder is needed: set LOCAL_DATA to [^\n]+$/],
  [{ LOCAL_DATA: join(folder, 'file', 'a', 'b') }, /^\S+\/file is a file, and a folder is needed: [^\n]+$/],
  [
    { DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/d' },
    /^Postgres at \S+ \(DATABASE_URL\) cannot be used: connection refused\. Start it, or unset [^\n]+$/,
  ],
])('%o', refuses, caseMs);

test('a wrong password of Postgres is an error, and no other Postgres is started', async () => {
  const port = await serverThat((socket) => socket.once('data', () => socket.end(wrongPassword())));
  await refuses(
    { DATABASE_URL: `postgres://u:hush@127.0.0.1:${port}/d` },
    /^\S+ at \S+ \(DATABASE_URL\) cannot be used: the password is wrong\. Correct the password in DATABASE_URL, or [^\n]+$/,
  );
});

test('a Redis that needs a password', async () => {
  const port = await serverThat((socket) =>
    socket.on('data', () => socket.write('-NOAUTH Authentication required.\r\n')),
  );
  await refuses(
    { REDIS_URL: `redis://127.0.0.1:${port}` },
    /^Redis at \S+ \(REDIS_URL\) cannot be used: it needs a password, and none is given\. Put the password [^\n]+$/,
  );
});

async function refuses(settings: Record<string, string>, sentence: RegExp): Promise<void> {
  const child = spawn(process.execPath, [start], {
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // One that starts nevertheless is stopped, with everything that it started.
    timeout: startedMs,
  });
  const [out, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect(stderr.trim()).toMatch(sentence);
  expect(stderr).not.toContain('hush');
  expect(code).toBe(1);
  expect(out).not.toContain('ready in');
  expect(readdirSync(folder, { recursive: true })).not.toContain(join('data', 'logs'));
}

async function serverThat(talks: (socket: Socket) => void): Promise<number> {
  const server = createServer(talks).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // A server that listens on TCP has one.
}

/** Postgres's ErrorResponse: type, length, fields that end in NUL. */
function wrongPassword(): Buffer {
  const fields = Buffer.from('SFATAL\0C28P01\0Mpassword authentication failed\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
