import { expect, test } from '@jest/globals';
import { fromPublic } from '../../domain/ids.ts';
import { disableTenant } from '../../ledger/access/disable-tenant.ts';
import { noteApiKeysUsed } from '../../ledger/access/note-api-keys-used.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';
import { createKeyUse } from './key-use.ts';

const { pools, ledger, api, another } = freshApi();

const make = async (more: object = {}) =>
  (await api.call('/v1/api-keys', { body: { name: 'Shop', scopes: ['keys:admin', 'transfers:read'], ...more } })).body;
const rotate = (id: string, body: object = {}, more: { secret?: string; key?: string } = {}) =>
  api.call(`/v1/api-keys/${id}/rotate`, { body, ...more });
const read = async (id: string) => (await api.call(`/v1/api-keys/${id}`)).body;
/** Without the API's memory of a key, which lasts a second: another process of it. */
const asks = async (secret: string) => (await (await another()).call('/v1/me', { secret })).status;

test('a rotated key works on for the overlap, and its successor has all that it had', async () => {
  const old = await make({ rate_limit: 40, amount_max: '9', addresses: ['127.0.0.1'] });
  const before = Date.now();
  const { status, body: successor } = await rotate(old.id);
  expect(status).toBe(201);
  for (const field of ['name', 'scopes', 'rate_limit', 'account_ids', 'amount_max', 'addresses', 'expires_at'])
    expect([field, successor[field]]).toEqual([field, old[field]]);
  expect(successor).toMatchObject({ replaces_id: old.id, secret: expect.stringMatching(/^qk_/) });
  expect([await asks(old.secret), await asks(successor.secret)]).toEqual([200, 200]);
  // An hour, by the clock of the database.
  const ends = Date.parse((await read(old.id)).expires_at);
  expect(Math.abs(ends - before - 3_600_000)).toBeLessThan(120_000);
});

test('without an overlap the old key ends at once', async () => {
  const old = await make();
  const { body } = await rotate(old.id, { overlap_seconds: 0 });
  expect([await asks(old.secret), await asks(body.secret)]).toEqual([401, 200]);
});

test('an overlap makes no key end later, and is a week at most', async () => {
  const soon = new Date(Date.now() + 600_000).toISOString();
  const old = await make({ expires_at: soon });
  const { body } = await rotate(old.id, { overlap_seconds: 604_800 });
  expect([(await read(old.id)).expires_at, body.expires_at]).toEqual([soon, soon]);
  expect((await rotate(body.id, { overlap_seconds: 604_801 })).body.errors[0].pointer).toBe('/overlap_seconds');
});

test('the same request again makes no second key, with an Idempotency-Key or without', async () => {
  const old = await make();
  const key = aKey();
  const first = await rotate(old.id, {}, { key });
  const again = await rotate(old.id, {}, { key });
  expect([again.status, again.body.code]).toEqual([409, 'state_conflict']);
  expect(again.body.detail).toContain(first.body.id);
  const bare = await rotate(old.id);
  expect([bare.status, bare.body.code, bare.body.detail.includes(first.body.id)]).toEqual([
    409,
    'state_conflict',
    true,
  ]);
  // Its secret was lost: revoked, it can be made again.
  await api.call(`/v1/api-keys/${first.body.id}`, { method: 'DELETE' });
  expect((await rotate(old.id)).status).toBe(201);
});

test('ten at once make one key', async () => {
  const old = await make();
  const answers = await Promise.all(Array.from({ length: 10 }, () => rotate(old.id)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(409)]);
});

test('a key that works no more, or that nobody has, is not rotated', async () => {
  const old = await make();
  await api.call(`/v1/api-keys/${old.id}`, { method: 'DELETE' });
  expect((await rotate(old.id)).body).toMatchObject({ status: 409, code: 'state_conflict' });
  const other = await createAccounts(pools, ledger);
  const foreign = await api.keyWith({ tenantId: other.tenantId });
  const mine = await make();
  expect((await rotate(mine.id, {}, { secret: foreign })).body.code).toBe('not_found');
  expect((await rotate('ak_01k0000000000000000000000a')).body.code).toBe('not_found');
});

test('nobody gets by a rotation what their own key does not allow', async () => {
  const wide = await make({ scopes: ['keys:admin', 'transfers:read', 'transfers:write'] });
  const narrow = await api.keyWith({ scopes: ['keys:admin', 'transfers:read'] });
  expect((await rotate(wide.id, {}, { secret: narrow })).body).toMatchObject({
    code: 'forbidden',
    detail: 'This needs the scope transfers:write.',
  });
  const bound = await api.keyWith({ amountMax: 5n });
  expect((await rotate(wide.id, {}, { secret: bound })).body.code).toBe('forbidden');
  const ends = new Date(Date.now() + 60_000).toISOString();
  const ending = await api.keyWith({ expiresAt: ends });
  expect((await rotate(wide.id, {}, { secret: ending })).body.expires_at).toBe(ends);
});

test('what a rotated key made of itself is revoked with it', async () => {
  const stolen = await make();
  const copy = (await rotate(stolen.id, {}, { secret: stolen.secret })).body;
  expect(copy.created_by).toBe(stolen.id);
  await api.call(`/v1/api-keys/${stolen.id}?with_children=true`, { method: 'DELETE' });
  expect((await read(copy.id)).revoked_at).not.toBeNull();
});

test('a key is ended now or later, never later than before', async () => {
  const one = await make();
  const expire = async (body: object) => (await api.call(`/v1/api-keys/${one.id}/expire`, { body })).body.expires_at;
  const soon = new Date(Date.now() + 600_000).toISOString();
  expect(await expire({ expires_at: soon })).toBe(soon);
  expect(await expire({ expires_at: new Date(Date.now() + 700_000).toISOString() })).toBe(soon);
  expect(Date.parse(await expire({}))).toBeLessThan(Date.parse(soon));
  expect(await asks(one.secret)).toBe(401);
  expect((await api.call('/v1/api-keys/ak_01k0000000000000000000000a/expire', { body: {} })).body.code).toBe(
    'not_found',
  );
});

test('the use of a key is noted once a minute, and several keys in one call', async () => {
  const [one, other] = [await make(), await make()];
  const ids = [one.id, other.id].map((id) => fromPublic('apiKey', id) ?? '');
  const written: (readonly string[])[] = [];
  const use = createKeyUse({
    write: (some) => {
      written.push(some);
      return noteApiKeysUsed(pools.api, some);
    },
    onError: () => {},
  });
  expect((await read(one.id)).last_used_at).toBeNull();
  for (const id of [...ids, ...ids]) use.note(id);
  await use.write();
  await use.write();
  use.end();
  expect(written).toEqual([ids]);
  const first = (await read(one.id)).last_used_at;
  expect(first).not.toBeNull();
  expect(await noteApiKeysUsed(pools.api, ids)).toBe(0);
  await pools.root.query("update ledger.api_key set last_used_at = now() - interval '61 seconds' where id = $1", [
    ids[0],
  ]);
  expect(await noteApiKeysUsed(pools.api, ids)).toBe(1);
});

test('the keys of a disabled tenant are refused, and taken again when it is enabled', async () => {
  const { tenantId } = await createAccounts(pools, ledger);
  const secret = await api.keyWith({ tenantId });
  expect((await api.call('/v1/me', { secret })).status).toBe(200);
  const set = (isDisabled: boolean) => disableTenant(pools.root, { id: tenantId, isDisabled, actor: 'test' });
  expect(await set(true)).toBe(true);
  const refused = await (await another()).call('/v1/me', { secret });
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([403, 'tenant_disabled', false]);
  expect(await set(false)).toBe(true);
  expect(await asks(secret)).toBe(200);
});
