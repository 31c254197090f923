import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text as allOf } from 'node:stream/consumers';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { request } from 'undici';
import { fromPublic, millisecondsOf, toPublic } from '../../domain/ids.ts';
import { aKey, freshApi, startApi } from '../../test/support/harness/api.ts';
import { routes } from '../routes.ts';
import { type HttpRefusalCode, refusals } from './refusals.ts';

const { pools, accounts, api } = freshApi();
let secret: string;
beforeAll(async () => {
  secret = await api.keyWith({});
});

/** Writes bytes to a new connection, and reads all that comes back. */
const raw = (bytes: string): Promise<{ status: number; head: string; problem: { code?: HttpRefusalCode } }> =>
  new Promise((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (text.includes('"retryable"')) socket.end();
    });
    socket.on('error', reject).on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({
        status: Number(head.split(' ')[1]),
        head,
        problem: JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)),
      });
    });
  });

const post = (headers: string, body = '{}') =>
  `POST /v1/transfers HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

test.each([
  ['bytes that are not a request', 'HELLO\r\n\r\n', 400, 'malformed_request'],
  ['a header line without a name', 'GET /ping HTTP/1.1\r\nHost: api\r\n: x\r\n\r\n', 400, 'malformed_request'],
  [
    'two lengths',
    `POST /v1/transfers HTTP/1.1\r\nHost: api\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    400,
    'malformed_request',
  ],
  [
    'a length and chunks',
    `POST /v1/transfers HTTP/1.1\r\nHost: api\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
    'malformed_request',
  ],
  [
    '20 KiB of headers',
    `GET /ping HTTP/1.1\r\nHost: api\r\nX-Long: ${'x'.repeat(20_480)}\r\n\r\n`,
    431,
    'header_fields_too_large',
  ],
  ['no host', 'GET /ping HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
  ['two hosts', 'GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, 'header_repeated'],
  ['an unknown expectation', 'GET /ping HTTP/1.1\r\nHost: api\r\nExpect: cake\r\n\r\n', 400, 'malformed_request'],
  ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request'],
  ['an absolute URL that is malformed', 'GET http://[::1/v1/me HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request'],
  ['an address of 3 KiB', `GET /ping?${'x'.repeat(3_000)} HTTP/1.1\r\nHost: api\r\n\r\n`, 414, 'uri_too_long'],
] as const)('%s', async (_, bytes, status, code) => {
  const answer = await raw(bytes);
  expect([answer.status, answer.problem.code]).toEqual([status, code]);
  expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(answer.head.toLowerCase()).toContain('request-id: ');
});

test.each([
  ['Idempotency-Key', 'Idempotency-Key: k2'],
  ['Authorization', 'Authorization: Bearer other'],
  ['Content-Type', 'content-type: text/plain'],
  ['Ledger-Token', 'Ledger-Token: a\r\nLedger-Token: b'],
])('a repeated %s is refused', async (_, header) => {
  expect((await raw(post(`${header}\r\n`))).problem.code).toBe('header_repeated');
});

const send = (body: string | Buffer, headers: Record<string, string>) =>
  request(`${api.url}/v1/transfers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'idempotency-key': aKey(), ...headers },
    body,
  }).then(async (answer) => [answer.statusCode, ((await answer.body.json()) as { code: string }).code]);

const json = { 'content-type': 'application/json' };
test.each([
  ['no media type', '{}', {}, 415, 'unsupported_media_type'],
  ['text/plain', '{}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ['UTF-16 by name', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415, 'unsupported_media_type'],
  ['gzip', '{}', { ...json, 'content-encoding': 'gzip' }, 415, 'unsupported_media_type'],
  ['charset by name', '{}', { 'content-type': 'application/json; charset="UTF-8"' }, 400, 'validation_failed'],
  ['UTF-16 in fact', Buffer.from('{}', 'utf16le'), json, 400, 'malformed_json'],
  ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22]), json, 400, 'malformed_json'],
  ['64 KiB', `"${'x'.repeat(65_534)}"`, json, 400, 'validation_failed'],
  ['64 KiB and one byte', `"${'x'.repeat(65_535)}"`, json, 413, 'payload_too_large'],
  ['a field twice', '{"a":1,"a":1}', json, 400, 'duplicate_json_key'],
] as const)('a body with %s', async (_, body, headers, status, code) => {
  expect(await send(body, headers as Record<string, string>)).toEqual([status, code]);
});

test('a body without a length is refused while it is read', async () => {
  const chunk = `4000\r\n${'x'.repeat(16_384)}\r\n`;
  const head = post('')
    .replace(/Content-Length: 2\r\n/, 'Transfer-Encoding: chunked\r\n')
    .replace(/\r\n\r\n\{\}$/, '\r\n\r\n');
  const answer = await raw(head + chunk.repeat(8));
  expect([answer.status, answer.problem.code]).toEqual([413, 'payload_too_large']);
  expect(answer.head).toContain('Connection: close');
});

/** A book transfer of a dollar. */
const aDollar = () => ({
  rail: 'book',
  amount: '100',
  currency: 'USD',
  source: { account_id: toPublic('account', accounts.ada) },
  destination: { account_id: toPublic('account', accounts.grace) },
});

test('a body that stops half-way gets 408 after the timeout, and its key is unused', async () => {
  const { server, port } = api;
  const patience = { requestTimeout: server.requestTimeout, headersTimeout: server.headersTimeout };
  // Without this bound Node waits for five minutes.
  expect(patience.requestTimeout).toBeGreaterThan(0);
  expect(patience.requestTimeout).toBeLessThanOrEqual(60_000);
  const body = JSON.stringify(aDollar());
  const arrival = once(server, 'request') as Promise<[IncomingMessage]>;
  // The client never closes its half: its place must be free again anyway.
  const half = { port, host: '127.0.0.1', allowHalfOpen: true };
  const socket = connect(half, () => socket.write(post('', body).slice(0, -10)));
  const answer = allOf(socket);
  const [{ socket: theirs }] = await arrival;
  // The headers are here and the rest of the body will not come: set both timeouts to a minimum, as Node uses the
  // longer one for the whole request.
  Object.assign(server, { requestTimeout: 1, headersTimeout: 1 });
  const [head = '', problem = ''] = (await answer).split('\r\n\r\n');
  Object.assign(server, patience);
  expect(head.split('\r\n')).toEqual(
    expect.arrayContaining([
      'HTTP/1.1 408 Request Timeout',
      'Content-Type: application/problem+json; charset=utf-8',
      'Connection: close',
    ]),
  );
  // One answer and nothing after it.
  expect(JSON.parse(problem)).toMatchObject({ code: 'request_timeout', status: 408, retryable: true });
  await once(theirs, 'close');
  socket.destroy();
  const whole = await api.call('/v1/transfers', { body: aDollar(), key: 'k' });
  expect([whole.status, whole.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

test('when the clock was ahead and is set back, transfers are accepted immediately: their ids follow the clock', async () => {
  const now = Date.now;
  const ahead = jest.spyOn(Date, 'now').mockImplementation(() => now() + 600_000);
  const early = await api.call('/v1/transfers', { body: aDollar(), key: aKey() });
  ahead.mockRestore();
  // The ledger uses its own clock, and refuses an id that is so far ahead of it.
  expect([early.status, early.body.code]).toEqual([503, 'not_attempted']);
  const late = await api.call('/v1/transfers', { body: aDollar(), key: aKey() });
  expect([late.status, late.body.status]).toEqual([201, 'completed']);
  const madeAt = millisecondsOf(fromPublic('transfer', late.body.id) ?? '');
  expect(Math.abs(madeAt - Date.now())).toBeLessThan(300_000);
});

test('every address answers other methods with 405 and the allowed ones', async () => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const its = routes.filter((route) => route.path === path).map((route) => route.method);
    const refused = await api.call(path.replace('{id}', 'x'), { method: 'PUT' });
    expect([path, refused.status, refused.body.code]).toEqual([path, 405, 'method_not_allowed']);
    for (const method of its) expect(refused.headers['allow']).toContain(method);
  }
});

test('an address that is written out in the table is not also one of an id', async () => {
  const written = routes.filter(({ path }) => !path.includes('{')).map(({ path }) => path);
  const alike = written.filter((path) =>
    routes.some(
      (route) =>
        route.path.includes('{') && new RegExp(`^${route.path.replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`).test(path),
    ),
  );
  expect(alike).toContain('/v1/transfers/preview');
  for (const path of alike) {
    const own = routes.filter((route) => route.path === path).map(({ method }) => method);
    const refused = await api.call(path, { method: own.includes('GET') ? 'PATCH' : 'GET' });
    expect([path, refused.status, refused.headers['allow']]).toEqual([path, 405, own.toSorted().join(', ')]);
  }
});

test.each([
  ['/v1/nothing', 404],
  ['/v1/transfers/', 404],
  ['/v1/transfers/x', 404],
  ['/v1/transfers/%00', 404],
  ['/v1/transfers/%ff', 404],
  ['/v1/transfers/..%2faccounts', 404],
  ['/v1/transfers/tr_00000000000000000000000000', 404],
])('%s is %i, as a problem', async (path, status) => {
  const refused = await api.call(path);
  expect([refused.status, refused.body.code]).toEqual([status, 'not_found']);
});

test('a request with no key, a wrong, an expired or a revoked one is 401', async () => {
  // Not used before, so it is not cached: a cached key works for another second.
  const made = await api.call('/v1/api-keys', { body: { name: 'Lost', scopes: ['accounts:read'] } });
  const { id, secret: revoked } = made.body;
  expect((await api.call(`/v1/api-keys/${id}`, { method: 'DELETE' })).status).toBe(204);
  const expired = await api.keyWith({ expiresAt: new Date(Date.now() - 1_000).toISOString() });
  for (const wrong of [null, 'qk_short', `qk_${'A'.repeat(43)}`, revoked, expired]) {
    const refused = await api.call('/v1/me', { secret: wrong });
    expect([refused.status, refused.body.code, refused.headers['www-authenticate']]).toEqual([
      401,
      'unauthorized',
      'Bearer',
    ]);
  }
});

test('a key over its rate gets 429, and how long to wait', async () => {
  const slow = await api.keyWith({ rateLimit: 2 });
  const first = await api.call('/v1/me', { secret: slow });
  expect(first.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '1' });
  // More at once than any machine lets pass in the time that they take.
  const answers = await Promise.all(Array.from({ length: 30 }, () => api.call('/v1/me', { secret: slow })));
  const refused = answers.find((answer) => answer.status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited', retryable: true });
  expect(refused?.headers).toMatchObject({ 'ratelimit-limit': '2', 'ratelimit-remaining': '0' });
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
});

test('every answer has an id, a new one or that of the request', async () => {
  const own = await api.call('/v1/nothing');
  expect(own.headers['request-id']).toBe(own.body.instance);
  const brought = await api.call('/ping', { headers: { 'request-id': 'my-request-1' } });
  expect(brought.headers['request-id']).toBe('my-request-1');
  const strange = await api.call('/ping', { headers: { 'request-id': '<script>' } });
  expect(strange.headers['request-id']).not.toBe('<script>');
});

test('answers may not be cached, framed or sniffed', async () => {
  const { headers } = await api.call('/v1/me');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['x-powered-by']).toBeUndefined();
});

test('a fault of a read is unavailable, of a write outcome_unknown, and a bug internal_error; no answer reveals the cause', async () => {
  const broken = await startApi({
    pools,
    tenantId: accounts.tenantId,
    startGroup: async () => [],
    tamper: (deps) => ({
      ...deps,
      reader: {
        read: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7')),
        readAll: () => Promise.reject(new TypeError('x is undefined')),
      },
      ledger: { ...deps.ledger, openAccount: () => Promise.reject(new Error('timeout of 10.0.0.7')) },
    }),
  });
  const read = await broken.call('/v1/accounts');
  const write = await broken.call('/v1/accounts', { body: { name: 'Ada', currency: 'USD' } });
  const bug = await broken.call('/v1/rails');
  await broken.end();
  expect([read.status, read.body.code]).toEqual([503, 'unavailable']);
  expect([write.status, write.body.code]).toEqual([503, 'outcome_unknown']);
  expect([bug.status, bug.body.code]).toEqual([500, 'internal_error']);
  for (const { text } of [read, write, bug]) expect(text).not.toMatch(/10\.0\.0\.7|undefined|Error/);
});

test('health lists the parts: without Temporal it is degraded, without the database it is 503', async () => {
  expect((await api.call('/health', { secret: null })).body).toEqual({
    status: 'ok',
    database: 'ok',
    temporal: 'ok',
    cache: 'none',
    standby: 'none',
    storage: 'configured',
    intake: 'ok',
    workers: { groups: 'ok' },
    sweep: 'ok',
    statements: 'ok',
    archive: 'ok',
    clock: 'ok',
    versions: 'ok',
  });
  const away = () => Promise.reject(new Error('away'));
  const withParts = (parts: object) =>
    startApi({
      pools,
      tenantId: accounts.tenantId,
      startGroup: async () => [],
      tamper: (deps) => ({ ...deps, parts: { ...deps.parts, ...parts } }),
    });
  const degraded = await withParts({ temporal: away });
  const out = await withParts({ database: () => new Promise(() => {}) });
  const [found, refused] = await Promise.all([degraded.call('/health'), out.call('/health')]);
  await Promise.all([degraded.end(), out.end()]);
  expect([found.status, found.body.status, found.body.temporal]).toEqual([200, 'degraded', 'away']);
  expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
});

test('every refusal has a page, where its problem points', async () => {
  for (const code of Object.keys(refusals)) {
    const page = await api.call(`/problems/${code}`, { secret: null });
    expect([code, page.status]).toEqual([code, 200]);
    const { action } = refusals[code as HttpRefusalCode];
    expect(page.text).toContain(action.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  }
  expect((await api.call('/problems/nothing')).status).toBe(404);
  expect((await api.call('/problems')).text).toContain('insufficient_funds');
});

test('the docs page loads only from this server', async () => {
  const page = await api.call('/docs', { secret: null });
  expect(page.text).toContain('/docs/scalar.js');
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect(page.text).not.toMatch(/https?:\/\//);
  expect((await api.call('/docs/start.js', { secret: null })).headers['content-type']).toContain('charset=utf-8');
});

test('the docs page puts a key of its own in the place of the one that the document shows', async () => {
  const { text } = await api.call('/openapi.json', { secret: null });
  const [, shown = ''] = /"name":"Idempotency-Key".*?"examples":\["([^"]+)"\]/.exec(text) ?? [];
  expect(shown).not.toBe('');
  expect((await api.call('/docs/start.js', { secret: null })).text).toContain(`replaceAll('${shown}', newKey)`);
});
