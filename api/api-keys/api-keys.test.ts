import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { limitTenant } from '../../ledger/access/limit-tenant.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

const { pools, accounts, api } = freshApi();

const make = (secret: string, more: object = {}) =>
  api.call('/v1/api-keys', { secret, body: { name: 'Child', scopes: ['keys:admin'], ...more } });
const isTaken = async (secret: string) => (await api.call('/v1/me', { secret })).status;

test.each([
  ['5 a second', 5, {}, 5],
  ['5 a second, asked as null', 5, { rate_limit: null }, 5],
  ['the default of 100', 100, {}, 100],
  ['more than the default', 250, {}, 100],
  ['more than the default, asked for', 250, { rate_limit: 250 }, 250],
])('a key with %s makes none that may do more', async (_, rateLimit, more, limit) => {
  const parent = await api.keyWith({ scopes: ['keys:admin'], rateLimit });
  const child = await make(parent, more);
  expect((await api.call('/v1/me', { secret: child.body.secret })).body.rate_limit).toBe(limit);
  expect((await make(parent, { rate_limit: rateLimit + 1 })).body.code).toBe('forbidden');
});

test('a key ends no later than the key that made it, and not in the past', async () => {
  const ends = new Date(Date.now() + 3_600_000).toISOString();
  const parent = await api.keyWith({ scopes: ['keys:admin'], expiresAt: ends });
  expect((await make(parent)).body.expires_at).toBe(ends);
  expect((await make(parent, { expires_at: null })).body.expires_at).toBe(ends);
  const late = await make(parent, { expires_at: new Date(Date.parse(ends) + 1).toISOString() });
  expect([late.status, late.body.code]).toEqual([403, 'forbidden']);
  const past = await make(parent, { expires_at: new Date(Date.now() - 1_000).toISOString() });
  expect([past.status, past.body.errors?.[0].pointer]).toEqual([400, '/expires_at']);
});

test('a key names its maker, and is revoked with all that descend from it', async () => {
  const root = (await api.call('/v1/api-keys', { body: { name: 'Root', scopes: ['keys:admin'] } })).body;
  const child = (await make(root.secret)).body;
  const grandchild = (await make(child.secret)).body;
  const other = (await api.call('/v1/api-keys', { body: { name: 'Other', scopes: ['keys:admin'] } })).body;
  expect([child.created_by, grandchild.created_by]).toEqual([root.id, child.id]);
  const path = `/v1/api-keys/${root.id}`;
  expect((await api.call(`${path}?with_children=yes`, { method: 'DELETE' })).body.code).toBe('validation_failed');
  expect((await api.call(`${path}?with_children=true`, { method: 'DELETE' })).status).toBe(204);
  for (const { id } of [root, child, grandchild])
    expect((await api.call(`/v1/api-keys/${id}`)).body.revoked_at).not.toBeNull();
  expect((await api.call(`/v1/api-keys/${other.id}`)).body.revoked_at).toBeNull();
});

test('a key that was revoked makes none, although the API still takes it for a moment', async () => {
  const parent = (await api.call('/v1/api-keys', { body: { name: 'Stolen', scopes: ['keys:admin'] } })).body;
  expect(await isTaken(parent.secret)).toBe(200);
  // Revoked beside the API, whose memory of it lasts a second.
  await pools.root.query('update ledger.api_key set revoked_at = now() where id = $1', [
    fromPublic('apiKey', parent.id),
  ]);
  const late = await make(parent.secret);
  expect([late.status, late.body.code]).toEqual([401, 'unauthorized']);
  const { rows } = await pools.root.query('select 1 from ledger.api_key where created_by = $1', [
    fromPublic('apiKey', parent.id),
  ]);
  expect(rows).toEqual([]);
});

test('a tenant has at most 500 keys that work; those that ended do not count', async () => {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Many keys', actor: 'test' });
  const secret = await api.keyWith({ tenantId });
  const fill = (count: number, end: string) =>
    pools.root.query(
      `insert into ledger.api_key (id, tenant_id, name, hash, last4, scopes, revoked_at, expires_at)
       select gen_random_uuid(), $1, 'Filler', decode(md5(n::text || $3) || md5($3 || n::text), 'hex'), 'abcd', '{}', ${end}
       from generate_series(1, $2) n`,
      [tenantId, count, randomUUID()],
    );
  await fill(300, 'now(), null');
  await fill(300, 'null, now()');
  await fill(498, 'null, null');
  const body = { name: 'One more', scopes: ['keys:admin'] };
  const key = aKey();
  const last = await api.call('/v1/api-keys', { secret, body, key });
  expect(last.status).toBe(201);
  const tooMany = await api.call('/v1/api-keys', { secret, body });
  expect([tooMany.status, tooMany.body.code]).toEqual([409, 'state_conflict']);
  // The first answer stays the answer of its key.
  expect((await api.call('/v1/api-keys', { secret, body, key })).body.detail).toContain(last.body.id);
});

test('all keys of a tenant share its limit, and leave others theirs', async () => {
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Busy', actor: 'test' });
  await limitTenant(pools.root, { id: tenantId, rateLimit: 3, actor: 'test' });
  const secrets = await Promise.all(Array.from({ length: 10 }, () => api.keyWith({ tenantId })));
  const answers = [];
  for (const secret of [...secrets, ...secrets]) answers.push(await api.call('/v1/me', { secret }));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers['ratelimit-limit']).toBe(answers[0]?.headers['ratelimit-limit']);
  expect((await api.call('/v1/me')).status).toBe(200);
});

test('drawing on a funding account needs funding:write; paying into it does not', async () => {
  const [weak, strong] = await Promise.all([
    api.keyWith({ scopes: ['transfers:write'] }),
    api.keyWith({ scopes: ['transfers:write', 'funding:write'] }),
  ]);
  const transfer = (source: string, destination: string) => ({
    rail: 'book',
    amount: '1',
    currency: 'USD',
    source: { account_id: toPublic('account', source) },
    destination: { account_id: toPublic('account', destination) },
  });
  const send = (secret: string, body: object, key = aKey()) => api.call('/v1/transfers', { secret, body, key });
  const key = aKey();
  const draw = transfer(accounts.funding, accounts.ada);
  for (let twice = 0; twice < 2; twice += 1) {
    const refused = await send(weak, draw, key);
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      403,
      'forbidden',
      'This needs the scope funding:write.',
    ]);
  }
  // The key was not used by the refusals.
  expect((await send(strong, draw, key)).status).toBe(201);
  // And a replay of what was allowed asks again.
  expect((await send(weak, draw, key)).status).toBe(403);
  expect((await send(weak, transfer(accounts.ada, accounts.funding))).status).toBe(201);
  expect((await send(weak, transfer(randomUUID(), accounts.ada))).body.code).toBe('account_not_found');
});
