import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import pino from 'pino';
import { request } from 'undici';
import { createPayloadCodec } from '../encryption/codec.ts';
import { newPayloadKey } from '../encryption/key-file.ts';
import { openPayloadKeys } from '../encryption/open-keys.ts';
import { createHttpClient, type HttpClient } from '../http-client/http-client.ts';
import { freshApi } from '../test/support/harness/api.ts';
import { until } from '../test/support/harness/in-time.ts';
import { createApp } from './app.ts';
import { createAudit } from './audit.ts';
import { sessionCookie } from './cookie.ts';
import { createDecodeRoute } from './decode-route.ts';
import { createHealth } from './health.ts';
import { createJudgeKey, type JudgeKey } from './judge-key.ts';
import { createCodecServer } from './server.ts';
import { createSessions, type SessionTerms } from './sessions.ts';
import { createSignInRoutes } from './sign-in-routes.ts';
import type { Rate } from './token-bucket.ts';

/** A codec server beside a real API. Its clock is that of the test. */
const { api, pools } = freshApi();
const uiUrl = 'http://127.0.0.1:8233';
const namespace = 'quittance';
const secretText = 'Grace Hopper, 021000021';

let codec: PayloadCodec;
let client: HttpClient;
beforeAll(async () => {
  const keys = { keys: { reveal: newPayloadKey }, kmsKeys: [], encryptWith: 'file' } as const;
  codec = createPayloadCodec(await openPayloadKeys(keys));
  client = createHttpClient({ connections: 4, keepAliveMs: 1_000 });
});
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
  client.close();
});

type Options = {
  terms?: Partial<SessionTerms>;
  failures?: Rate;
  apiUrl?: string;
  judging?: (judge: JudgeKey) => JudgeKey;
};
let clockMs = 0;
let lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines = [];
});

async function serve({ terms = {}, failures, apiUrl = api.url, judging = (judge) => judge }: Options = {}) {
  const all = { lifeMs: 900_000, judgedForMs: 20_000, sessionsMax: 10, ...terms };
  const sessions = createSessions(
    (...args) => judging(createJudgeKey(client, apiUrl))(...args),
    all,
    () => clockMs,
  );
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  const audit = createAudit(log);
  const own = 'http://127.0.0.1:3002';
  const sessionOf = sessionCookie(own);
  const server = createCodecServer(
    createApp({
      ...{ uiUrl, publicUrl: own, log, countRequest: () => {} },
      decode: createDecodeRoute({ codec, sessions, cookie: sessionOf, audit, namespace, publicUrl: own }),
      signIn: createSignInRoutes({
        sessions,
        cookie: sessionOf,
        log,
        countSignIn: () => {},
        ...(failures && { rate: failures }),
      }),
      isHealthy: createHealth(client, apiUrl),
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const sent = { 'content-type': 'application/json', ...headers };
    const answer = await request(`${url}${path}`, { method: 'POST', headers: sent, body: text });
    const cookies = [answer.headers['set-cookie'] ?? []].flat().join();
    // A test reads whatever shape it expects.
    return { status: answer.statusCode, headers: answer.headers, cookies, body: (await answer.body.json()) as never };
  };
  const signIn = (key: string, headers: Record<string, string> = { origin: own }) => post('/sign-in', { key }, headers);
  const signedIn = async (key: string) => /^[^;]+/.exec((await signIn(key)).cookies)?.[0] ?? '';
  const decode = (payloads: unknown, cookie: string, headers: Record<string, string> = {}) =>
    post('/decode?preserveStorageRefs=true', typeof payloads === 'string' ? payloads : { payloads }, {
      ...{ origin: uiUrl, 'x-namespace': namespace, cookie },
      ...headers,
    });
  return { url, signIn, signedIn, decode, audit, post };
}

const operatorKey = () => api.keyWith({ scopes: ['operations'] });
const wire = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
async function encrypted(value: unknown) {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value) ?? {}]);
  return wire(payload ?? {});
}
const valuesIn = ({ payloads }: { payloads: { data: string }[] }) =>
  payloads.map(({ data }): unknown => JSON.parse(Buffer.from(data, 'base64').toString()));

test('an operator signs in and reads payloads, in their order, and what is not encrypted comes as it is', async () => {
  const { signIn, signedIn, decode } = await serve();
  const key = await operatorKey();
  const reply = await signIn(key);
  expect(reply).toMatchObject({
    status: 200,
    body: { message: expect.stringMatching(/^Signed in as A test key \(ak_/) },
  });
  expect(reply.cookies).toMatch(/^quittance_codec=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const plain = wire(defaultPayloadConverter.toPayload('plain') ?? {});
  const answer = await decode([await encrypted(secretText), plain, await encrypted(7)], await signedIn(key));
  expect(answer.status).toBe(200);
  expect(valuesIn(answer.body)).toEqual([secretText, 'plain', 7]);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': uiUrl,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  });
});

test('a payload of nothing, as a workflow without a result has it, is decoded too', async () => {
  const { signedIn, decode } = await serve();
  const answer = await decode([await encrypted(undefined)], await signedIn(await operatorKey()));
  expect(answer).toMatchObject({ status: 200, body: { payloads: [{ data: '' }] } });
});

test('over https the cookie goes over https alone, and to this host alone', () => {
  const headers: [string, string][] = [];
  const ctx = { set: (name: string, value: string) => void headers.push([name, value]) };
  sessionCookie('https://codec.example.com').write(ctx as never, 'token');
  expect(headers).toEqual([['Set-Cookie', '__Host-quittance_codec=token; Path=/; HttpOnly; SameSite=Strict; Secure']]);
});

test.each([
  ['a key of a tenant without `operations`', () => api.keyWith({})],
  ['a key that is over', () => api.keyWith({ scopes: ['operations'], expiresAt: '2020-01-01T00:00:00Z' })],
  ['a key that is used from elsewhere', () => api.keyWith({ scopes: ['operations'], addresses: ['10.1.2.3/32'] })],
  ['a key that somebody made up', async () => `qk_${'a'.repeat(51)}`],
  ['another text', async () => 'let me in'],
])('%s is refused, with the one sentence that says nothing of it', async (_, makeKey) => {
  const { signIn } = await serve();
  const reply = await signIn(await makeKey());
  expect(reply).toMatchObject({ status: 401, cookies: '' });
  expect(reply.body).toEqual({
    message: 'This key is not taken here. It must be valid, and have the scope operations.',
  });
});

test('without a session, with another cookie, and with a key in place of one nothing is decoded, and the answer says where to sign in', async () => {
  const { decode } = await serve();
  const payloads = [await encrypted(secretText)];
  for (const cookie of ['', `quittance_codec=${'a'.repeat(43)}`, 'quittance_codec=x']) {
    const answer = await decode(payloads, cookie, { authorization: `Bearer ${await operatorKey()}` });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      message: expect.stringContaining(
        'Sign in at http://127.0.0.1:3002/ with an API key that has the scope operations',
      ),
    });
    // The page of the UI may read why.
    expect(answer.headers).toHaveProperty('access-control-allow-origin', uiUrl);
  }
});

test('a session ends after its time, however much it is used, and when it is signed out', async () => {
  const { signedIn, decode, post } = await serve();
  const key = await operatorKey();
  const [cookie, other] = [await signedIn(key), await signedIn(key)];
  const statusOf = async (one: string) => (await decode([await encrypted(1)], one)).status;
  clockMs += 899_999;
  expect(await statusOf(cookie)).toBe(200);
  await post('/sign-out', {}, { origin: 'http://127.0.0.1:3002', cookie: other });
  expect(await statusOf(other)).toBe(401);
  clockMs += 1;
  expect(await statusOf(cookie)).toBe(401);
});

test('a key that is revoked decodes for 20 seconds at most', async () => {
  const { signedIn, decode } = await serve({ terms: { lifeMs: Number.POSITIVE_INFINITY } });
  const cookie = await signedIn(await operatorKey());
  const statusOf = async () => (await decode([await encrypted(1)], cookie)).status;
  clockMs += 20_000;
  expect(await statusOf()).toBe(200);
  await pools.root.query("update ledger.api_key set revoked_at = now() where scopes = '{operations}'");
  // The API itself keeps what it knows of a key for a second.
  await until(async () => {
    clockMs += 20_000;
    return (await statusOf()) === 401;
  });
});

test('while the API does not answer nobody signs in, and health says so', async () => {
  const away = await serve({ apiUrl: 'http://127.0.0.1:1' });
  const reply = await away.signIn(await operatorKey());
  expect(reply).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, cookies: '' });
  expect((await request(`${away.url}/health`)).statusCode).toBe(503);
  expect((await request(`${away.url}/ping`)).statusCode).toBe(200);
  const here = await serve();
  expect((await request(`${here.url}/health`)).statusCode).toBe(200);
});

test('a session whose key cannot be judged now decodes nothing, and goes on when it can', async () => {
  let isAway = false;
  const { signedIn, decode } = await serve({
    judging: (judge) => (isAway ? async () => ({ judged: 'unknown' }) : judge),
  });
  const cookie = await signedIn(await operatorKey());
  const statusOf = async () => (await decode([await encrypted(1)], cookie)).status;
  isAway = true;
  expect(await statusOf()).toBe(200);
  clockMs += 20_000;
  expect(await statusOf()).toBe(503);
  isAway = false;
  expect(await statusOf()).toBe(200);
});

test('a payload that was changed is answered with why, in its place, and those beside it are decoded', async () => {
  const { signedIn, decode, audit } = await serve();
  const cookie = await signedIn(await operatorKey());
  const changed = await encrypted(secretText);
  const bytes = Buffer.from(changed.data, 'base64');
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  const other = createPayloadCodec(
    await openPayloadKeys({ keys: { reveal: newPayloadKey }, kmsKeys: [], encryptWith: 'file' }),
  );
  const [foreign = {}] = await other.encode([defaultPayloadConverter.toPayload(1) ?? {}]);
  const answer = await decode(
    [await encrypted('one'), { ...changed, data: bytes.toString('base64') }, wire(foreign), await encrypted('two')],
    cookie,
  );
  expect(valuesIn(answer.body)).toEqual([
    'one',
    expect.stringMatching(/^NOT DECODED\. .* was changed afterwards/),
    expect.stringMatching(/^NOT DECODED\. .* which this program does not have/),
    'two',
  ]);
  audit.writeAll();
  expect(lines.at(-1)).toMatchObject({ audit: 'decoded', requests: 1, payloads: 4, unreadable: 2 });
});

test('who decoded how much is written down, who was refused too, and never a key or what was read', async () => {
  const { signIn, signedIn, decode, audit } = await serve();
  const [key, foreign] = [await operatorKey(), await api.keyWith({})];
  await signIn(foreign);
  const cookie = await signedIn(key);
  for (let n = 0; n < 3; n += 1) await decode([await encrypted(secretText), await encrypted(n)], cookie);
  audit.writeAll();
  audit.writeAll();
  expect(lines).toMatchObject([
    { audit: 'refused', address: '127.0.0.1' },
    { audit: 'signed_in', key: expect.stringMatching(/^ak_/), keyName: 'A test key' },
    { audit: 'decoded', key: expect.stringMatching(/^ak_/), requests: 3, payloads: 6, unreadable: 0 },
  ]);
  const text = JSON.stringify(lines);
  for (const secret of [key, foreign, cookie.split('=')[1] ?? '', 'Grace']) expect(text).not.toContain(secret);
});

test('only for the namespace of the platform, and only for the page of the UI', async () => {
  const { signedIn, decode, url } = await serve();
  const cookie = await signedIn(await operatorKey());
  const payloads = [await encrypted(1)];
  expect(await decode(payloads, cookie, { 'x-namespace': 'other' })).toMatchObject({ status: 403 });
  for (const origin of ['http://localhost:8233', 'http://127.0.0.1:8234', 'null', 'https://example.com']) {
    const answer = await decode(payloads, cookie, { origin });
    expect(answer).toMatchObject({ status: 403 });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    const preflightHeaders = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-namespace',
    };
    const preflight = await request(`${url}/decode`, { method: 'OPTIONS', headers: preflightHeaders });
    expect(preflight.statusCode).toBe(403);
    expect(preflight.headers).not.toHaveProperty('access-control-allow-origin');
  }
  const preflight = await request(`${url}/decode`, { method: 'OPTIONS', headers: { origin: uiUrl } });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': uiUrl,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'Content-Type, X-Namespace',
  });
});

test('a page of another origin cannot sign anybody in, and a form cannot send what is taken', async () => {
  const { signIn, post } = await serve();
  const key = await operatorKey();
  for (const origin of [uiUrl, 'https://example.com', 'null'])
    expect(await signIn(key, { origin })).toMatchObject({ status: 403, cookies: '' });
  expect(await signIn(key, {})).toMatchObject({ status: 403, cookies: '' });
  const form = { origin: 'http://127.0.0.1:3002', 'content-type': 'text/plain' };
  expect(await post('/sign-in', { key }, form)).toMatchObject({ status: 415, cookies: '' });
});

test('sign-ins that fail are slowed, those that succeed are not', async () => {
  const { signIn } = await serve({ failures: { burst: 2, perSecond: 0.001 } });
  const key = await operatorKey();
  for (let n = 0; n < 4; n += 1) expect((await signIn(key)).status).toBe(200);
  const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await signIn('made up')).status));
  expect(statuses.toSorted()).toEqual([401, 401, 429, 429]);
  expect(await signIn(key)).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
});

test.each([
  ['too many payloads', () => JSON.stringify({ payloads: Array.from({ length: 1_001 }, () => ({ data: '' })) }), 400],
  ['a body of more than 8 MiB', () => `{"payloads":[{"data":"${'A'.repeat(8 * 1024 * 1024)}"}]}`, 413],
  ['what is no JSON', () => '{"payloads":', 400],
  ['what is no base64', () => '{"payloads":[{"data":"%%%"}]}', 400],
  ['another shape', () => '[]', 400],
])('%s is refused, and nothing of it is repeated', async (_, body, status) => {
  const { signedIn, decode } = await serve();
  const answer = await decode(body(), await signedIn(await operatorKey()));
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).not.toContain('%%%');
});

test('one more session than there may be ends that which was used least lately', async () => {
  const { signedIn, decode } = await serve({ terms: { sessionsMax: 2 } });
  const key = await operatorKey();
  const cookies = [await signedIn(key), await signedIn(key), await signedIn(key)];
  const statuses = [];
  for (const cookie of cookies) statuses.push((await decode([await encrypted(1)], cookie)).status);
  expect(statuses).toEqual([401, 200, 200]);
});

test('the page shows nothing of others and runs nothing inline, and another address is not found', async () => {
  const { url } = await serve();
  const page = await request(url);
  expect(page.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'; script-src 'self'"),
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  });
  expect(await page.body.text()).not.toMatch(/<script>|style=|onclick/);
  for (const path of ['/encode', '/sign-in', '/constructor', '/decode'])
    expect((await request(`${url}${path}`)).statusCode).toBe(404);
});
