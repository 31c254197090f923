import { beforeAll, expect, test } from '@jest/globals';
import { type Api, freshApi, type Reply } from '../../../test/support/harness/api.ts';

const { api, another } = freshApi();
const origin = 'https://app.example.com';
let open: Api;
beforeAll(async () => {
  open = await another({ tamper: (deps) => ({ ...deps, corsOrigins: [origin, 'http://127.0.0.1:5173'] }) });
});

const corsOf = ({ headers }: Reply) => Object.keys(headers).filter((name) => name.startsWith('access-control-'));
const preflight = (one: Api, path: string, from: string) =>
  one.call(path, {
    ...{ method: 'OPTIONS', secret: null },
    headers: {
      ...{ origin: from, 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });

test('a page of an origin of the list calls the API, and reads the headers of its answers', async () => {
  const answer = await open.call('/v1/me', { headers: { origin } });
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe(origin);
  expect(answer.headers['vary']).toContain('Origin');
  for (const name of ['ETag', 'Ledger-Token', 'Request-Id', 'Retry-After', 'Idempotent-Replayed'])
    expect(answer.headers['access-control-expose-headers']).toContain(name);
});

test('it reads refusals too', async () => {
  for (const [path, secret] of [
    ['/v1/me', null],
    ['/v1/nothing', undefined],
    [`/v1/me?${'x'.repeat(3_000)}`, undefined],
  ] as const) {
    const refused = await open.call(path, { headers: { origin }, ...(secret === null && { secret }) });
    expect([refused.status >= 400, refused.headers['access-control-allow-origin']]).toEqual([true, origin]);
  }
});

test('its preflight needs no key, names the methods of that address, and is remembered for ten minutes', async () => {
  const { status, headers, text } = await preflight(open, '/v1/accounts', origin);
  expect([status, text]).toEqual([204, '']);
  expect(headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-max-age': '600',
  });
  for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'Ledger-Token'])
    expect(headers['access-control-allow-headers']).toContain(name);
  expect((await preflight(open, '/v1/nothing', origin)).status).toBe(404);
});

test.each([
  'https://evil.example.com',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com.evil.com',
  'https://APP.example.com',
  'https://app.example.com/',
  'null',
  `${origin}, ${origin}`,
])('a page of %s gets nothing', async (other) => {
  const answer = await open.call('/v1/me', { headers: { origin: other } });
  const before = await preflight(open, '/v1/accounts', other);
  expect([answer.status, before.status]).toEqual([200, 405]);
  expect([...corsOf(answer), ...corsOf(before)]).toEqual([]);
});

test('credentials are never allowed', async () => {
  const answers = [await open.call('/v1/me', { headers: { origin } }), await preflight(open, '/v1/me', origin)];
  for (const { headers } of answers) expect(headers['access-control-allow-credentials']).toBeUndefined();
});

test('without origins nothing is allowed, and an OPTIONS is a method that no address takes', async () => {
  const answer = await api.call('/v1/me', { headers: { origin } });
  const before = await preflight(api, '/v1/accounts', origin);
  expect([answer.status, before.status]).toEqual([200, 405]);
  expect([...corsOf(answer), ...corsOf(before)]).toEqual([]);
  expect(answer.headers['vary'] ?? '').not.toContain('Origin');
});
