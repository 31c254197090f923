import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { dueNotices } from '../../ledger/notices/due.ts';
import { settleNotice } from '../../ledger/notices/settle.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshApi } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api } = freshApi();

const anEndpoint = async (fields: object = {}) => {
  const made = await api.call('/v1/webhook-endpoints', { body: { url: 'http://127.0.0.1:9/', ...fields } });
  expect([made.status, made.body.code]).toEqual([201, undefined]);
  return {
    ...made.body,
    path: `/v1/webhook-endpoints/${made.body.id}`,
    uuid: fromPublic('webhookEndpoint', made.body.id) ?? '',
  };
};
/** Types of the notices that are due to an endpoint. */
const dueTo = async (endpointId: string): Promise<string[]> => {
  const { rows } = await pools.root.query<{ type: string }>(
    `select ledger.event_type(e.subject_type, e.cause, e.to_state) as type from ledger.notice_due d
     join ledger.event e on e.subject_id = d.subject_id and e.version = d.version where d.endpoint_id = $1 order by e.id`,
    [endpointId],
  );
  return rows.map(({ type }) => type);
};
const declined = () => ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '999999999' }));
const completed = () => ledger.reserve(randomUUID(), aTransfer(accounts));

test('an endpoint gets the events that it subscribed to, and after a change others', async () => {
  const endpoint = await anEndpoint({ event_types: ['transfer.declined', 'account.*'] });
  expect(endpoint.event_types).toEqual(['transfer.declined', 'account.*']);
  await completed();
  await declined();
  await api.call('/v1/accounts', { body: { name: 'Eve', currency: 'USD' } });
  expect(await dueTo(endpoint.uuid)).toEqual(['transfer.declined', 'account.opened']);
  const changed = await api.call(endpoint.path, { method: 'PATCH', body: { event_types: ['transfer.completed'] } });
  expect(changed.body.event_types).toEqual(['transfer.completed']);
  await completed();
  expect(await dueTo(endpoint.uuid)).toEqual(['transfer.declined', 'account.opened', 'transfer.completed']);
  const all = await api.call(endpoint.path, { method: 'PATCH', body: { event_types: null } });
  expect(all.body.event_types).toBeNull();
  await declined();
  expect((await dueTo(endpoint.uuid)).at(-1)).toBe('transfer.declined');
});

test.each([[[]], [['transfer.paid']], [['*']], ['transfer.*'], [Array.from({ length: 51 }, () => 'transfer.*')]])(
  'the subscription %j is refused',
  async (event_types) => {
    const refused = await api.call('/v1/webhook-endpoints', { body: { url: 'http://127.0.0.1:9/', event_types } });
    expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  },
);

test('an endpoint gets no notice about itself, and others do', async () => {
  const [one, other] = [await anEndpoint(), await anEndpoint({ event_types: ['webhook_endpoint.*'] })];
  await api.call(one.path, { method: 'PATCH', body: { description: 'one' } });
  expect(await dueTo(one.uuid)).not.toContain('webhook_endpoint.changed');
  expect(await dueTo(other.uuid)).toEqual(['webhook_endpoint.changed']);
});

test('a rotated secret signs beside the one before until the overlap is over', async () => {
  const endpoint = await anEndpoint();
  const secrets = async () => {
    const found = (await dueNotices(pools.worker, endpoint.uuid, 0)).endpoint;
    return [found?.secret, found?.oldSecret];
  };
  const headers = { 'idempotency-key': randomUUID() };
  const rotate = (body: object, more = {}) => api.call(`${endpoint.path}/secret/rotate`, { body, headers: more });
  const first = await rotate({}, headers);
  expect([first.status, first.body.secret === endpoint.secret]).toEqual([200, false]);
  expect(Date.parse(first.body.old_secret_until)).toBeGreaterThan(Date.now() + 80_000_000);
  expect(await secrets()).toEqual([first.body.secret, endpoint.secret]);
  expect((await rotate({}, headers)).body.code).toBe('state_conflict');
  expect((await rotate({ overlap_seconds: 5 }, headers)).body.code).toBe('idempotency_key_reused');
  const second = await rotate({ overlap_seconds: 0 }, { 'idempotency-key': randomUUID() });
  expect(second.body.old_secret_until).toBeNull();
  expect(await secrets()).toEqual([second.body.secret, null]);
  expect((await rotate({ overlap_seconds: 604_801 })).body.errors[0].pointer).toBe('/overlap_seconds');
  const nobody = `/v1/webhook-endpoints/${toPublic('webhookEndpoint', uuidV7())}/secret/rotate`;
  expect((await api.call(nobody, { body: {} })).status).toBe(404);
});

test('a test notice goes to its endpoint alone, whatever that subscribed to, and to no disabled one', async () => {
  const [one, other] = [await anEndpoint({ event_types: ['account.*'] }), await anEndpoint()];
  const sent = await api.call(`${one.path}/test`, { method: 'POST' });
  expect([sent.status, sent.body.type]).toEqual([202, 'webhook_endpoint.tested']);
  expect(await dueTo(one.uuid)).toEqual(['webhook_endpoint.tested']);
  expect(await dueTo(other.uuid)).not.toContain('webhook_endpoint.tested');
  await api.call(one.path, { method: 'PATCH', body: { status: 'disabled' } });
  expect((await api.call(`${one.path}/test`, { method: 'POST' })).body.code).toBe('state_conflict');
});

test('a delivery is replayed by its tenant, once while it is due, and deliveries are listed by outcome and time', async () => {
  const endpoint = await anEndpoint({ event_types: ['transfer.completed'] });
  await completed();
  const [notice] = (await dueNotices(pools.worker, endpoint.uuid, 1)).notices;
  const id = uuidV7();
  const settled = { id, endpointId: endpoint.uuid, subjectId: notice?.subjectId ?? '', version: 1, tryN: 1 };
  const answer = { outcome: 'delivered' as const, status: 200, error: null, tookMs: 5, nextInMs: null };
  await settleNotice(pools.worker, { ...settled, ...answer });
  const path = `${endpoint.path}/deliveries/${toPublic('delivery', id)}/replay`;
  expect(await dueTo(endpoint.uuid)).toEqual([]);
  for (const replayed of [true, false]) {
    const again = await api.call(path, { method: 'POST' });
    expect([again.status, again.body.replayed]).toEqual([202, replayed]);
  }
  expect(await dueTo(endpoint.uuid)).toEqual(['transfer.completed']);
  const elsewhere = `${(await anEndpoint()).path}/deliveries/${toPublic('delivery', id)}/replay`;
  expect((await api.call(elsewhere, { method: 'POST' })).status).toBe(404);
  const count = async (query: string) => (await api.call(`${endpoint.path}/deliveries?${query}`)).body.data.length;
  const later = new Date(Date.now() + 60_000).toISOString();
  expect([await count('outcome=delivered'), await count('outcome=failed')]).toEqual([1, 0]);
  expect([await count(`created_from=${later}`), await count(`created_to=${later}`)]).toEqual([0, 1]);
});
