import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { check } from '../../domain/check.ts';
import { aKey, callOf } from '../support/harness/api.ts';
import { inTime, until } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { makeCertificateFolder, startTlsProxy, type TlsProxy } from '../support/servers/tls.ts';
import { startTokenFront, type TokenFront } from '../support/servers/token-front.ts';
import { root } from '../support/tree.ts';

/**
 * The programs as processes, with settings alone: their role comes from a server that stands for the task's, they sign tokens by it, and what stands before
 * a real Postgres, by TLS, verifies the signatures by a second implementation.
 */
const withinMs = inTime(120_000);
const keys = { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'a/secret+key', Token: 'of a task' };
const postgres = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
const folder = makeCertificateFolder();
const authority = folder.authority('ours');
let hasRole = true;
const role = createServer((_, response) => {
  if (!hasRole) return void response.writeHead(500).end('{}');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ...keys, Expiration: new Date(Date.now() + 3_600_000).toISOString() }));
}).listen(0, '127.0.0.1');
let front: TokenFront;
let proxy: TlsProxy;
let platform: ProcessPlatform | undefined;
let passed = false;

/** The same login through the front, without its password. */
function login(url: string): string {
  const address = new URL(url);
  address.port = String(proxy.port);
  address.password = '';
  address.searchParams.set('sslmode', 'verify-full');
  address.searchParams.set('sslrootcert', authority.certPath);
  return address.href;
}
const env = () => {
  const { port } = role.address() as AddressInfo; // A server that listens on TCP has one.
  const roleAt = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/role` };
  return { ...roleAt, DATABASE_IAM_REGION: 'eu-central-1', DATABASE_POOL_MAX: '20' };
};

beforeAll(async () => {
  await once(role, 'listening');
  front = await startTokenFront({
    to: Number(postgres.port),
    password: decodeURIComponent(postgres.password),
    secretKey: keys.SecretAccessKey,
    host: () => `127.0.0.1:${proxy.port}`,
  });
  const certificate = folder.issue('server', authority);
  proxy = await startTlsProxy({ to: front.port, certificate, beginning: 'asked by Postgres' });
  platform = await startProcesses({ env, login });
}, withinMs);
afterAll(async () => {
  await platform?.end({ passed });
  for (const server of [proxy, front, role]) server.close();
  folder.remove();
}, withinMs);

async function transferWorks(): Promise<void> {
  check(platform, 'it has started');
  const { tenant, apiUrl } = platform;
  const [source, destination] = tenant.accounts;
  const body = {
    ...{ rail: 'book', amount: '100', currency: 'USD' },
    ...{ source: { account_id: source }, destination: { account_id: destination } },
  };
  const call = callOf(apiUrl, tenant.secret);
  const key = aKey();
  await until(async () => (await call('/v1/transfers', { body, key })).body['status'] === 'completed', 60_000);
}

test('API and worker log in with tokens alone, and say how many connections they may have', async () => {
  await transferWorks();
  expect(new Set(front.shown.map((one) => one.login))).toEqual(new Set(['quittance_api', 'quittance_worker']));
  expect(front.shown.filter(({ isTaken }) => !isTaken)).toEqual([]);
  expect(front.shown[0]?.claims).toMatchObject({ region: 'eu-central-1', accessKeyId: keys.AccessKeyId, seconds: 900 });
  const logOf = (name: string) => readFileSync(join(platform?.folder ?? '', `${name}.log`), 'utf8');
  expect(logOf('api')).toContain('"connectionsMax":{"primary":20,"standby":0}');
  expect(logOf('worker')).toContain('"connectionsMax":20');
});

test('after every token has expired and every connection was cut, money moves again by itself', async () => {
  front.expire();
  front.cut();
  front.shown.length = 0;
  await transferWorks();
  expect(front.shown.filter(({ isTaken }) => isTaken).length).toBeGreaterThan(0);
});

test('the operator, verify and migrate log in with tokens too', async () => {
  check(platform, 'it has started');
  const { database } = platform;
  const run = (file: string, args: string[], url: string) =>
    execa(process.execPath, [join(root, file), ...args], { env: { ...env(), DATABASE_URL: login(url) } });
  front.shown.length = 0;
  expect((await run('operator/main.ts', ['rail', 'list'], database.url)).stdout).toContain('instant');
  expect((await run('operator/main.ts', ['verify'], database.reader)).stdout).toContain('The books are sound.');
  expect((await run('drizzle/migrate.ts', [], database.url)).stdout).toContain('The database has the newest schema');
  // The worker may log in meanwhile.
  const logins = front.shown.filter(({ isTaken }) => isTaken).map((one) => one.login);
  expect(logins).toEqual(expect.arrayContaining([new URL(database.url).username, 'quittance_reader']));
});

test('without a role a command ends with one sentence, and shows no key', async () => {
  check(platform, 'it has started');
  hasRole = false;
  const args = [join(root, 'operator/main.ts'), 'rail', 'list'];
  const own = { ...env(), DATABASE_URL: login(platform.database.url) };
  const { exitCode, stderr } = await execa(process.execPath, args, { env: own, reject: false });
  expect(stderr).toMatch(/^No IAM token could be made for Postgres: [^\n]+ Look at the role of this program\.$/);
  expect(exitCode).toBe(1);
  passed = true;
});
