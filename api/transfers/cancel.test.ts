import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { anInquiry } from '../../test/support/fixtures/reports.ts';
import { aKey, freshApi, startApi, straightTo } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api } = freshApi({ mayViolate: ['sent'] });
let ada: string;
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
});

/** A transfer of tomorrow, as it was answered. */
async function scheduled(): Promise<{ id: string; uuid: string }> {
  const body = {
    ...{ rail: 'instant', amount: '100', currency: 'USD', source: { account_id: ada } },
    destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' } },
    execute_at: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const made = await api.call('/v1/transfers', { body, key: aKey() });
  expect(made.body).toMatchObject({ status: 'scheduled', next: { what: 'send_on_date', waiting_for: 'date' } });
  return { id: made.body.id, uuid: fromPublic('transfer', made.body.id) ?? '' };
}
const cancel = (id: string, { body = {}, key }: { body?: unknown; key?: string } = {}) =>
  api.call(`/v1/transfers/${id}/cancellation`, { body, ...(key !== undefined && { key }) });

test('a scheduled transfer is cancelled, its funds are available again, and its story says who and why', async () => {
  const { id } = await scheduled();
  const held = (await api.call(`/v1/accounts/${ada}/balance`)).body.held;
  const answer = await cancel(id, { body: { reason: 'wrong invoice' } });
  expect(answer.status).toBe(200);
  expect(answer.headers['idempotent-replayed']).toBeUndefined();
  expect(answer.body).toMatchObject({ id, status: 'cancelled', next: null, entry_ids: [], version: 2 });
  expect((await api.call(`/v1/transfers/${id}`)).text).toBe(answer.text);
  const after = await api.call(`/v1/accounts/${ada}/balance`, {
    headers: { 'ledger-token': answer.headers['ledger-token'] ?? '' },
  });
  expect(BigInt(after.body.held)).toBe(BigInt(held) - 100n);
  const { data } = (await api.call(`/v1/transfers/${id}/events`)).body;
  expect(data.at(-1)).toMatchObject({
    type: 'transfer.cancelled',
    from: 'scheduled',
    cause: 'cancelled',
    evidence: { source: 'request', actor: expect.stringMatching(/^api_key:ak_/), reason: 'wrong invoice' },
  });
});

test('again it is the same bytes, with a key and without, also after its rail contradicted it', async () => {
  const { id, uuid } = await scheduled();
  const key = aKey();
  const first = await cancel(id, { key });
  await ledger.conclude(anInquiry({ transferId: uuid }, { outcome: 'accepted' }));
  expect((await api.call(`/v1/transfers/${id}`)).body).toMatchObject({ attention: { reason: 'contradicted' } });
  for (const again of [await cancel(id, { key }), await cancel(id), await cancel(id, { body: { reason: 'x' } })]) {
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([200, first.text, 'true']);
  }
});

test('the same body under the same key for another transfer is another request', async () => {
  const [one, other] = [await scheduled(), await scheduled()];
  const key = aKey();
  expect((await cancel(one.id, { key })).status).toBe(200);
  const reused = await cancel(other.id, { key });
  expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect((await api.call(`/v1/transfers/${other.id}`)).body.status).toBe('scheduled');
});

test('the body may be left out', async () => {
  const { id } = await scheduled();
  const answer = await api.call(`/v1/transfers/${id}/cancellation`, { method: 'POST', key: aKey() });
  expect([answer.status, answer.body.status]).toEqual([200, 'cancelled']);
});

test('fifty at once cancel it once', async () => {
  const { id } = await scheduled();
  const answers = await Promise.all(Array.from({ length: 50 }, () => cancel(id)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  expect((await api.call(`/v1/transfers/${id}/events`)).body.data).toHaveLength(2);
});

test.each([
  ['a number as reason', { reason: 5 }, '/reason'],
  ['an empty reason', { reason: '' }, '/reason'],
  ['a reason that is too long', { reason: 'x'.repeat(201) }, '/reason'],
  ['an unknown field', { why: 'x' }, '/why'],
])('%s is refused, and nothing is done', async (_, body, pointer) => {
  const { id } = await scheduled();
  const answer = await cancel(id, { body });
  expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([400, 'validation_failed', pointer]);
  expect((await api.call(`/v1/transfers/${id}`)).body.status).toBe('scheduled');
});

test('what is done cannot be cancelled, and the answer says why', async () => {
  const body = {
    ...{ rail: 'book', amount: '1', currency: 'USD', source: { account_id: ada } },
    destination: { account_id: toPublic('account', accounts.grace) },
  };
  const made = await api.call('/v1/transfers', { body, key: aKey() });
  const answer = await cancel(made.body.id, { key: aKey() });
  expect([answer.status, answer.body.code]).toEqual([409, 'state_conflict']);
  expect(answer.body.detail).toBe('Only a scheduled transfer can be cancelled.');
});

test("an id of nothing, of another thing and of another tenant's transfer are not found", async () => {
  const { id } = await scheduled();
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Others', actor: 'test' });
  const other = await startApi({ pools, tenantId, startGroup: straightTo(ledger) });
  for (const answer of [
    await cancel(toPublic('transfer', uuidV7())),
    await cancel(ada),
    await other.call(`/v1/transfers/${id}/cancellation`, { body: {} }),
  ])
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  await other.end();
  expect((await api.call(`/v1/transfers/${id}`)).body.status).toBe('scheduled');
});
