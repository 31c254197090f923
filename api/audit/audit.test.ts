import { expect, test } from '@jest/globals';
import { fromPublic } from '../../domain/ids.ts';
import { disableTenant } from '../../ledger/access/disable-tenant.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshApi } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';

const { pools, ledger, accounts, api } = freshApi();

const list = async (query = '', secret?: string) =>
  (await api.call(`/v1/audit${query}`, secret === undefined ? {} : { secret })).body.data;
const me = async () => (await api.call('/v1/me')).body.id;

test('a change of an endpoint says what was before and after, and who did it, without the secret', async () => {
  const made = (await api.call('/v1/webhook-endpoints', { body: { url: 'https://example.com/a' } })).body;
  const path = `/v1/webhook-endpoints/${made.id}`;
  await api.call(path, { method: 'PATCH', body: { url: 'https://example.com/b', description: 'ours' } });
  await api.call(path, { method: 'DELETE' });
  const changes = await list(`?subject=${made.id}`);
  const actor = await me();
  const values = { url: 'https://example.com/b', description: 'ours', status: 'enabled' };
  expect(changes).toMatchObject([
    { action: 'webhook_endpoint.deleted', actor, subject: made.id, before: values, after: null },
    { action: 'webhook_endpoint.changed', before: { url: 'https://example.com/a' }, after: values },
    { action: 'webhook_endpoint.created', before: null, after: { url: 'https://example.com/a', status: 'enabled' } },
  ]);
  expect(JSON.stringify(changes)).not.toContain(made.secret.slice(6, 20));
});

test('a key is in it from its making to its end, with ids as clients know them', async () => {
  const account = (await api.call('/v1/accounts', { body: { name: 'Charles', currency: 'USD' } })).body;
  const body = { name: 'Till', scopes: ['transfers:read'], account_ids: [account.id] };
  const made = (await api.call('/v1/api-keys', { body })).body;
  const next = (await api.call(`/v1/api-keys/${made.id}/rotate`, { body: {} })).body;
  await api.call(`/v1/api-keys/${made.id}`, { method: 'DELETE' });
  expect((await list(`?subject=${made.id}`)).map(({ action }: { action: string }) => action)).toEqual([
    'api_key.revoked',
    'api_key.expiry_set',
    'api_key.created',
  ]);
  const [creation] = await list(`?subject=${next.id}`);
  expect(creation.after).toMatchObject({ name: 'Till', account_ids: [account.id], replaces_id: made.id });
  const text = JSON.stringify(await list('?limit=100'));
  for (const secret of [made.secret, next.secret]) expect(text).not.toContain(secret.slice(3, 30));
});

test('what happens to a key is an event too', async () => {
  const made = (await api.call('/v1/api-keys', { body: { name: 'Till', scopes: ['transfers:read'] } })).body;
  await api.call(`/v1/api-keys/${made.id}/rotate`, { body: {} });
  await api.call(`/v1/api-keys/${made.id}/expire`, { body: {} });
  await api.call(`/v1/api-keys/${made.id}`, { method: 'DELETE' });
  const its = async (): Promise<{ type: string; version: number }[]> => {
    const { data } = (await api.call('/v1/events?limit=100&type=api_key.*')).body;
    return data.filter(({ subject }: { subject: { id: string } }) => subject.id === made.id);
  };
  // The feed waits for commits that began before, also those of other tests on this server.
  await until(async () => (await its()).length >= 4, 30_000);
  expect((await its()).map(({ type, version }) => [version, type])).toEqual([
    [1, 'api_key.created'],
    [2, 'api_key.rotated'],
    [3, 'api_key.changed'],
    [4, 'api_key.revoked'],
  ]);
});

test('it is filtered by actor, action and time, and read page by page', async () => {
  const secret = await api.keyWith({ scopes: ['accounts:write'] });
  const { id } = (await api.call('/v1/me', { secret })).body;
  const opened = (await api.call('/v1/accounts', { secret, body: { name: 'Babbage', currency: 'USD' } })).body;
  await api.call(`/v1/accounts/${opened.id}`, { method: 'PATCH', secret, body: { name: 'Charles' } });
  const actions = async (query: string) => (await list(query)).map(({ action }: { action: string }) => action);
  expect(await actions(`?actor=${id}`)).toEqual(['account.changed', 'account.opened']);
  expect(await actions(`?actor=${id}&action=account.opened`)).toEqual(['account.opened']);
  expect(await actions(`?actor=${id}&subject=${opened.id}&action=api_key.created`)).toEqual([]);
  const [change] = await list(`?actor=${id}&action=account.changed`);
  expect(change).toMatchObject({ before: { name: 'Babbage' }, after: { name: 'Charles' } });
  expect(await actions(`?actor=${id}&created_to=${opened.created_at}`)).toEqual([]);
  const all = (await list('?limit=100')).map((one: { id: string }) => one.id);
  const first = (await api.call('/v1/audit?limit=2')).body;
  const rest = (await api.call(`/v1/audit?limit=100&cursor=${first.next_cursor}`)).body.data;
  expect([...first.data, ...rest].map((one: { id: string }) => one.id)).toEqual(all);
  expect((await api.call('/v1/audit?action=everything')).body.code).toBe('validation_failed');
});

test('what an operator did to a tenant is in it, and a tenant sees no other', async () => {
  await disableTenant(pools.root, { id: accounts.tenantId, isDisabled: true, actor: 'operator' });
  await disableTenant(pools.root, { id: accounts.tenantId, isDisabled: false, actor: 'operator' });
  expect(await list('?actor=operator')).toMatchObject([
    { action: 'tenant.enabled', before: { disabled: true }, after: { disabled: false } },
    { action: 'tenant.disabled', before: { disabled: false }, after: { disabled: true } },
  ]);
  const other = await createAccounts(pools, ledger);
  const theirs = await list('?limit=100', await api.keyWith({ tenantId: other.tenantId }));
  const { rows } = await pools.root.query<{ id: string }>('select id from ledger.audit where tenant_id = $1', [
    other.tenantId,
  ]);
  const uuidOf = ({ id }: { id: string }) => fromPublic('auditRecord', id);
  expect(theirs.map(uuidOf).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
});
