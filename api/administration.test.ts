import { expect, test } from '@jest/globals';
import { setBreaker, setPause } from '../test/support/fixtures/rail.ts';
import { aKey, freshApi } from '../test/support/harness/api.ts';

const { api, pools } = freshApi();

test('a key is made, works, is never shown again, and is revoked', async () => {
  const made = await api.call('/v1/api-keys', {
    body: { name: 'Reports', scopes: ['transfers:read'], rate_limit: 50 },
  });
  expect(made.status).toBe(201);
  const { secret, ...key } = made.body;
  expect(secret).toMatch(/^qk_[A-Za-z0-9_-]{51}$/);
  expect(key).toMatchObject({
    object: 'api_key',
    last4: secret.slice(-4),
    scopes: ['transfers:read'],
    rate_limit: 50,
    revoked_at: null,
  });
  expect((await api.call('/v1/me', { secret })).body).toMatchObject({ name: 'Reports', scopes: ['transfers:read'] });
  expect((await api.call('/v1/transfers', { secret })).status).toBe(200);
  expect((await api.call(`/v1/api-keys/${key.id}`)).body).toEqual(key);
  expect((await api.call('/v1/api-keys')).text).not.toContain(secret);
  for (let twice = 0; twice < 2; twice += 1) {
    expect((await api.call(`/v1/api-keys/${key.id}`, { method: 'DELETE' })).status).toBe(204);
  }
  expect((await api.call(`/v1/api-keys/${key.id}`)).body.revoked_at).not.toBeNull();
});

test('a key gives no more than it has', async () => {
  const secret = await api.keyWith({ scopes: ['keys:admin', 'transfers:read'], rateLimit: 10 });
  const make = (body: object) =>
    api.call('/v1/api-keys', { secret, body: { name: 'More', scopes: ['transfers:read'], ...body } });
  expect((await make({ scopes: ['transfers:write'] })).body.code).toBe('forbidden');
  expect((await make({ scopes: ['operations'] })).body.code).toBe('forbidden');
  expect((await make({ rate_limit: 11 })).body.code).toBe('forbidden');
  expect((await make({ rate_limit: 10 })).status).toBe(201);
});

test('a key made under an idempotency key is made once', async () => {
  const key = aKey();
  const body = { name: 'Once', scopes: ['transfers:read'] };
  const made = await api.call('/v1/api-keys', { body, key });
  expect(made.status).toBe(201);
  const again = await api.call('/v1/api-keys', { body, key });
  expect([again.status, again.body.code]).toEqual([409, 'state_conflict']);
  expect(again.body.detail).toContain(made.body.id);
  expect(again.body.detail).toContain('new Idempotency-Key');
  const other = await api.call('/v1/api-keys', { body: { ...body, name: 'Twice' }, key });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('keys are listed newest first, page by page', async () => {
  const all = (await api.call('/v1/api-keys?limit=100')).body.data.map((one: { id: string }) => one.id);
  const first = (await api.call('/v1/api-keys?limit=1')).body;
  const rest = (await api.call(`/v1/api-keys?limit=100&cursor=${first.next_cursor}`)).body.data;
  expect([...first.data, ...rest].map((one: { id: string }) => one.id)).toEqual(all);
});

test('webhook endpoints: the secret is shown once, the rest is changed, listed and deleted', async () => {
  const made = await api.call('/v1/webhook-endpoints', {
    body: { url: 'http://127.0.0.1:5000/hooks', description: 'ours' },
  });
  expect(made.status).toBe(201);
  const { secret, ...endpoint } = made.body;
  expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length).toBeGreaterThanOrEqual(24);
  const path = `/v1/webhook-endpoints/${endpoint.id}`;
  expect((await api.call(path)).body).toEqual(endpoint);
  const stopped = await api.call(path, { method: 'PATCH', body: { status: 'disabled' } });
  expect(stopped.body).toMatchObject({ status: 'disabled', disabled_reason: 'Disabled by request.' });
  const moved = await api.call(path, { method: 'PATCH', body: { status: 'enabled', url: 'https://example.com/' } });
  expect(moved.body).toMatchObject({ status: 'enabled', disabled_reason: null, url: 'https://example.com/' });
  expect((await api.call('/v1/webhook-endpoints')).text).not.toContain(secret);
  expect((await api.call(`${path}/deliveries`)).body).toEqual({ data: [], next_cursor: null });
  expect((await api.call(path, { method: 'PATCH', body: { url: 'ftp://example.com' } })).body.code).toBe(
    'validation_failed',
  );
  expect((await api.call(path, { method: 'DELETE' })).status).toBe(204);
  expect((await api.call(path, { method: 'DELETE' })).body.code).toBe('not_found');
});

test('a webhook endpoint made under an idempotency key is made once, deleted or not', async () => {
  const key = aKey();
  const make = (url: string) => api.call('/v1/webhook-endpoints', { body: { url }, key });
  const made = await make('https://example.com/once');
  expect(made.status).toBe(201);
  expect((await make('https://example.com/once')).body).toMatchObject({ status: 409, code: 'state_conflict' });
  expect((await make('https://example.com/other')).body).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  await api.call(`/v1/webhook-endpoints/${made.body.id}`, { method: 'DELETE' });
  const again = await make('https://example.com/once');
  expect([again.body.code, again.body.detail]).toEqual(['state_conflict', expect.stringContaining(made.body.id)]);
});

test('a tenant has at most twenty webhook endpoints', async () => {
  const make = () => api.call('/v1/webhook-endpoints', { body: { url: 'https://example.com/' } });
  for (let n = 0; n < 20; n += 1) expect((await make()).status).toBe(201);
  expect((await make()).body.code).toBe('state_conflict');
});

test('rails and currencies are listed for any key', async () => {
  const secret = await api.keyWith({ scopes: [] });
  const rails = (await api.call('/v1/rails', { secret })).body.data;
  expect(rails).toEqual([
    expect.objectContaining({ name: 'book', destination: 'account', status: 'up' }),
    expect.objectContaining({ name: 'instant', destination: 'bank', status: 'up' }),
  ]);
  const { data } = (await api.call('/v1/currencies', { secret })).body;
  expect(data).toContainEqual({ object: 'currency', code: 'JPY', name: 'Yen', exponent: 0 });
});

test('a rail is up, down while its breaker is open, and paused while an operator pauses it, open breaker or not', async () => {
  const instant = async () => (await api.call('/v1/rails')).body.data[1];
  expect(await instant()).toMatchObject({ status: 'up', probe_at: null });
  await setBreaker(pools, 'open');
  expect(await instant()).toMatchObject({ status: 'down', probe_at: expect.stringMatching(/Z$/) });
  await setPause(pools, 'olga');
  expect(await instant()).toMatchObject({ status: 'paused', probe_at: null });
  await setBreaker(pools, 'closed');
  expect(await instant()).toMatchObject({ status: 'paused', probe_at: null });
  await setPause(pools, null);
  expect(await instant()).toMatchObject({ status: 'up', probe_at: null });
});

test('the description of a webhook endpoint is removed by null', async () => {
  const { data } = (await api.call('/v1/webhook-endpoints?limit=1')).body;
  const path = `/v1/webhook-endpoints/${data[0].id}`;
  const change = (description: string | null) => api.call(path, { method: 'PATCH', body: { description } });
  expect((await change('ours')).body.description).toBe('ours');
  expect((await change(null)).body.description).toBeNull();
  expect((await api.call(path, { method: 'PATCH', body: { url: null } })).body.code).toBe('validation_failed');
});
