import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { execa } from 'execa';
import { readEnv } from '../../config/env.ts';
import { explainError, unreachableReason } from '../../config/explain-error.ts';
import { toClientConnection, toWorkerConnection } from '../../config/temporal.ts';
import { check } from '../../domain/check.ts';
import { freePort } from '../../local/ports.ts';
import { withClient } from '../../local/servers/database.ts';
import { redisAnswers } from '../../local/servers/redis.ts';
import { temporalAnswers } from '../../local/servers/temporal.ts';
import { aKey, callOf } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { startTestProgram } from '../support/harness/program.ts';
import { temporalAddress } from '../support/harness/temporal.ts';
import { type Certificate, makeCertificateFolder, startTlsProxy, type TlsProxy } from '../support/servers/tls.ts';
import { root } from '../support/tree.ts';

/** Real Postgres, Temporal and Redis behind TLS: connections that must be made, and ones that must not, with the reason. */
const withinMs = inTime(120_000);
const postgres = new URL(serverOf('TEST_POSTGRES_URL'));
const redisUrl = process.env['TEST_REDIS_URL'];
const folder = makeCertificateFolder();
const ours = folder.authority('ours');
const other = folder.authority('other');
const server = folder.issue('server', ours);
const client = folder.issue('client', ours);
const proxies: TlsProxy[] = [];
let platform: ProcessPlatform | undefined;
let passed = false;
afterAll(async () => {
  await platform?.end({ passed });
  for (const proxy of proxies) proxy.close();
  folder.remove();
}, withinMs);

type Case = { certificate: Certificate; authority: Certificate; reason: string | null };
const untrusted = 'its certificate is signed by an authority that is not trusted here';
const cases: Record<string, Case> = {
  'our authority': { certificate: server, authority: ours, reason: null },
  'another authority': { certificate: server, authority: other, reason: untrusted },
  'a certificate that signs itself': { certificate: folder.authority('itself'), authority: other, reason: untrusted },
  'a certificate that has expired': {
    certificate: folder.issue('expired', ours, { days: -1 }),
    authority: ours,
    reason: 'its certificate has expired',
  },
  'a certificate for another name': {
    certificate: folder.issue('elsewhere', ours, { names: 'DNS:elsewhere.example' }),
    authority: ours,
    reason: 'its certificate is for another name',
  },
};

test.each(Object.entries(cases))(
  'Temporal, Redis and Postgres with %s',
  async (_, { certificate, authority, reason }) => {
    const words = async (attempt: Promise<unknown>) =>
      attempt.then(
        () => null,
        (error: unknown) => unreachableReason(error),
      );
    const temporal = settingsOf({ ...(await temporalBehind(certificate)), ...caOf(authority) }).temporal;
    expect(await words(temporalAnswers(temporal))).toBe(reason);
    // The worker's connection says it in its own way.
    const native = NativeConnection.connect(toWorkerConnection(temporal));
    const sentence = await native.then(
      (connection) => connection.close().then(() => null),
      (error: unknown) => explainError(error),
    );
    expect(sentence?.split(': ')[1] ?? null).toBe(reason);

    const database = await throughTls(certificate, authority);
    expect(await words(withClient(database(postgres.href), (one) => one.query('select 1')))).toBe(reason);
    if (!redisUrl) return;
    const redis = await proxyTo(new URL(redisUrl), certificate);
    const url = redisUrl.replace(/^redis:/, 'rediss:').replace(/:\d+$/, `:${redis.port}`);
    expect(await words(redisAnswers(url, readFileSync(authority.certPath, 'utf8')))).toBe(reason);
  },
);

test('Temporal that asks for a certificate of ours gets it, and one without is a sentence', async () => {
  const proxy = await startTlsProxy({ to: portIn(temporalAddress()), certificate: server, clientAuthority: ours });
  proxies.push(proxy);
  const settings = { TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`, ...caOf(ours) };
  const pair = { TEMPORAL_TLS_CLIENT_CERT_PATH: client.certPath, TEMPORAL_TLS_CLIENT_KEY_PATH: client.keyPath };
  const { temporal } = settingsOf({ ...settings, ...pair });
  expect(await temporalAnswers(temporal)).toBe(true);
  await (await NativeConnection.connect(toWorkerConnection(temporal))).close();
  const without = NativeConnection.connect(toWorkerConnection(settingsOf(settings).temporal));
  expect(await without.catch(explainError)).toMatch(
    /it ends the connection: it may accept only TLS .* or ask for a certi/,
  );
});

test('plain text to TLS, and TLS to plain text, are a sentence each', async () => {
  const { TEMPORAL_ADDRESS } = await temporalBehind(server);
  const sentenceOf = (settings: Record<string, string>) =>
    NativeConnection.connect(toWorkerConnection(settingsOf(settings).temporal)).catch(explainError);
  expect(await sentenceOf({ TEMPORAL_ADDRESS })).toMatch(/it ends the connection: it may accept only TLS/);
  expect(await sentenceOf({ TEMPORAL_ADDRESS: temporalAddress(), ...caOf(ours) })).toMatch(
    /: it does not speak TLS there: /,
  );
  const plain = new URL(postgres);
  plain.searchParams.set('sslmode', 'verify-full');
  const refused = withClient(plain.href, (one) => one.query('select 1'));
  expect(await refused.catch(explainError)).toMatch(
    /^TLS with a server fails \(it does not speak TLS there\): [^\n]+\.$/,
  );
});

test('both connections to Temporal send the key, and a key that is refused is a sentence', async () => {
  const keys: unknown[] = [];
  const cert = { cert: readFileSync(server.certPath), key: readFileSync(server.keyPath) };
  const refusing = createSecureServer(cert, (request, response) => {
    keys.push(request.headers['authorization']);
    const refusal = { 'grpc-status': '16', 'grpc-message': 'Request unauthenticated' };
    response.writeHead(200, { 'content-type': 'application/grpc', ...refusal }).end();
  }).listen(0, '127.0.0.1');
  const sessions = new Set<ServerHttp2Session>();
  refusing.on('session', (session) => sessions.add(session));
  proxies.push({
    port: 0,
    close: () => {
      for (const session of sessions) session.destroy();
      refusing.close();
    },
  });
  await once(refusing, 'listening');
  const { port } = refusing.address() as AddressInfo; // A server that listens on TCP has one.
  const settings = { TEMPORAL_ADDRESS: `127.0.0.1:${port}`, TEMPORAL_API_KEY: 'a-key', ...caOf(ours) };
  const { temporal } = settingsOf(settings);
  await expect(Connection.connect(toClientConnection(temporal))).rejects.toThrow();
  const native = NativeConnection.connect(toWorkerConnection(temporal));
  expect(await native.catch(explainError)).toMatch(/: it refuses our key: correct TEMPORAL_API_KEY\.$/);
  expect(new Set(keys)).toEqual(new Set(['Bearer a-key']));
});

test('an API whose servers are of another authority starts, and its log says why they are away', async () => {
  const login = await throughTls(server, other);
  const logFolder = mkdtempSync(join(tmpdir(), 'quittance-tls-'));
  const port = await freePort();
  const api = startTestProgram({
    name: 'api',
    env: {
      ...{ ...(await temporalBehind(server)), ...caOf(other) },
      ...{ DATABASE_URL: login(postgres.href), API_PORT: String(port), API_METRICS_PORT: '0' },
    },
    health: `http://127.0.0.1:${port}/ping`,
    logFolder,
  });
  await api.whenReady();
  const log = () => readFileSync(join(logFolder, 'api.log'), 'utf8');
  const isWritten = (name: string) => log().includes(`"reason":"${untrusted}","msg":"${name} cannot be reached"`);
  while (!isWritten('Postgres') || !isWritten('Temporal')) await sleep(50);
  await api.stop();
  rmSync(logFolder, { recursive: true });
});

describePlatform();

/** API, worker and operator with TLS to all three. */
function describePlatform(): void {
  let login: (url: string) => string;
  beforeAll(async () => {
    login = await throughTls(server, ours);
    const temporal = await temporalBehind(server);
    const redis = redisUrl ? await proxyTo(new URL(redisUrl), server) : null;
    const redisSettings = {
      REDIS_URL: (redisUrl ?? '').replace(/^redis:/, 'rediss:').replace(/:\d+$/, `:${redis?.port}`),
      REDIS_TLS_CA_CERT_PATH: ours.certPath,
    };
    const env = { ...temporal, ...caOf(ours), ...(redis && redisSettings) };
    platform = await startProcesses({ env: () => env, login });
  }, withinMs);

  test('a transfer goes through, and the operator is answered', async () => {
    check(platform, 'it has started');
    const { tenant, apiUrl, database } = platform;
    const call = callOf(apiUrl, tenant.secret);
    const [source, destination] = tenant.accounts;
    const body = {
      ...{ rail: 'book', amount: '100', currency: 'USD' },
      ...{ source: { account_id: source }, destination: { account_id: destination } },
    };
    expect((await call('/v1/transfers', { body, key: aKey() })).body).toMatchObject({ status: 'completed' });
    expect((await call('/health')).body).toMatchObject({ status: 'ok' });
    const main = `${root}/operator/main.ts`;
    const env = { DATABASE_URL: login(database.url) };
    const { stdout } = await execa(process.execPath, [main, 'rail', 'list'], { env });
    expect(stdout).toContain('instant');
    passed = true;
  });
}

function serverOf(name: string): string {
  const address = process.env[name];
  check(address, `${name} is not set: this test belongs to the jest project "real"`);
  return address;
}

const settingsOf = (settings: Record<string, string>) => readEnv({ DATABASE_URL: postgres.href, ...settings });
const caOf = ({ certPath }: Certificate) => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: certPath });
const portIn = (address: string): number => Number(address.split(':').at(-1));

async function proxyTo(to: URL, certificate: Certificate): Promise<TlsProxy> {
  const beginning = to.protocol === 'postgres:' ? 'asked by Postgres' : 'at once';
  const proxy = await startTlsProxy({ to: Number(to.port), certificate, beginning });
  proxies.push(proxy);
  return proxy;
}

async function temporalBehind(certificate: Certificate): Promise<{ TEMPORAL_ADDRESS: string }> {
  const proxy = await proxyTo(new URL(`tcp://${temporalAddress()}`), certificate);
  return { TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}` };
}

/** A login through a proxy of TLS. The path of the authority is encoded by URLSearchParams. */
async function throughTls(certificate: Certificate, authority: Certificate): Promise<(url: string) => string> {
  const { port } = await proxyTo(postgres, certificate);
  return (url) => {
    const address = new URL(url);
    address.port = String(port);
    address.searchParams.set('sslmode', 'verify-full');
    address.searchParams.set('sslrootcert', authority.certPath);
    return address.href;
  };
}
