import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { request } from 'undici';
import { freshApi } from '../../test/support/harness/api.ts';

const { api } = freshApi();

const ask = async (path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') => {
  const answer = await request(`${api.url}${path}`, { method, headers });
  return { ...answer, bytes: Buffer.from(await answer.body.arrayBuffer()) };
};

const assets = ['/openapi.json', '/docs', '/docs/start.js', '/docs/scalar.js', '/problems', '/problems/not_found'];

test.each(assets)('%s has a validator for each encoding, and is not sent again to who has it', async (path) => {
  const plain = await ask(path);
  const zipped = await ask(path, { 'accept-encoding': 'br, gzip;q=0.5' });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  expect([plain.headers['vary'], zipped.headers['vary']]).toEqual(['Accept-Encoding', 'Accept-Encoding']);
  expect(plain.headers['etag']).not.toBe(zipped.headers['etag']);
  for (const [encoding, { headers }] of [
    ['identity', plain],
    ['gzip', zipped],
  ] as const) {
    const again = { 'accept-encoding': encoding, 'if-none-match': `"old", ${String(headers['etag'])}` };
    const known = await ask(path, again);
    expect([known.statusCode, known.bytes.length, known.headers['etag']]).toEqual([304, 0, headers['etag']]);
    expect(known.headers['cache-control']).toBe(headers['cache-control']);
  }
  expect((await ask(path, { 'if-none-match': '"old"' })).statusCode).toBe(200);
});

test.each(assets)('HEAD of %s says the length and sends nothing', async (path) => {
  const { headers, bytes } = await ask(path);
  const head = await ask(path, {}, 'HEAD');
  expect([head.statusCode, head.bytes.length]).toEqual([200, 0]);
  expect(head.headers['content-length']).toBe(String(bytes.length));
  expect(head.headers['etag']).toBe(headers['etag']);
});

test('a client that refuses gzip gets the bytes as they are', async () => {
  for (const encoding of ['identity', 'gzip;q=0', 'br', '*;q=0'])
    expect((await ask('/docs', { 'accept-encoding': encoding })).headers['content-encoding']).toBeUndefined();
});

test.each([...assets, '/ping', '/health', '/v1/me', '/nothing'])(
  '%s may not be framed, guessed or shared',
  async (path) => {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
    const isPage = /^\/(?:docs|problems)(?!.*\.js$)/.test(path);
    expect(
      String(headers['content-security-policy']).startsWith(isPage ? "default-src 'self'" : "default-src 'none'"),
    ).toBe(true);
    expect(headers['cache-control']).toBe(
      path === '/docs/scalar.js' ? 'public, max-age=3600' : assets.includes(path) ? 'no-cache' : 'no-store',
    );
  },
);
