import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { tenantScopes } from '../../domain/scope.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { aKey, callOf, freshApi, startApi, straightTo } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api } = freshApi();
let [ada, grace, funding] = ['', '', ''];
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
  grace = toPublic('account', accounts.grace);
  funding = toPublic('account', accounts.funding);
});

const pay = async (more: object = {}): Promise<string> => {
  const body = { rail: 'book', amount: '100', currency: 'USD', source: { account_id: ada }, ...more };
  const made = await api.call('/v1/transfers', { body: { destination: { account_id: grace }, ...body }, key: aKey() });
  expect(made.body).toMatchObject({ status: 'completed' });
  return made.body.id;
};
const undo = (id: string, { body = {}, key = aKey() }: { body?: unknown; key?: string } = {}) =>
  api.call(`/v1/transfers/${id}/reversal`, { body, key });
const read = async (id: string) => (await api.call(`/v1/transfers/${id}`)).body;

test('a completed book transfer is undone: the answer is the new transfer, and each names the other', async () => {
  const id = await pay();
  const answer = await undo(id, { body: { reason: 'goods returned' } });
  expect(answer.status).toBe(201);
  expect(answer.headers['location']).toBe(`/v1/transfers/${answer.body.id}`);
  expect(answer.headers['ledger-token']).toBeDefined();
  expect(answer.body).toMatchObject({
    ...{ status: 'completed', rail: 'book', amount: '100', description: 'goods returned', reverses_id: id },
    ...{ source: { account_id: grace }, destination: { account_id: ada }, reversed_by_id: null },
  });
  expect((await api.call(`/v1/transfers/${answer.body.id}`)).text).toBe(answer.text);
  expect(await read(id)).toMatchObject({ status: 'reversed', reversed_by_id: answer.body.id, version: 2 });
  const { data } = (await api.call(`/v1/transfers/${id}/events`)).body;
  expect(data.at(-1)).toMatchObject({
    ...{ type: 'transfer.reversed', cause: 'reversed' },
    evidence: {
      actor: expect.stringMatching(/^api_key:ak_/),
      reason: 'goods returned',
      reversed_by_id: answer.body.id,
    },
  });
});

test('the same request again gets the same bytes, also where it was declined', async () => {
  const id = await pay();
  const key = aKey();
  const first = await undo(id, { key });
  const again = await undo(id, { key });
  expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);

  const spent = await pay();
  await pay({ source: { account_id: grace }, destination: { account_id: ada } });
  const other = aKey();
  const declined = await undo(spent, { key: other });
  expect([declined.status, declined.body.code]).toEqual([422, 'insufficient_funds']);
  expect(await read(declined.body.transfer_id)).toMatchObject({ status: 'declined', reverses_id: spent });
  expect(await read(spent)).toMatchObject({ status: 'completed', reversed_by_id: null });
  const repeated = await undo(spent, { key: other });
  expect([repeated.status, repeated.text, repeated.headers['idempotent-replayed']]).toEqual([
    422,
    declined.text,
    'true',
  ]);
});

test('once: the second is refused and names the first', async () => {
  const id = await pay();
  const first = await undo(id);
  const second = await undo(id);
  expect([second.status, second.body.code, second.body.transfer_id]).toEqual([409, 'already_reversed', first.body.id]);
  const ofReversal = await undo(first.body.id);
  expect([ofReversal.status, ofReversal.body.code]).toEqual([409, 'not_reversible']);
});

test('fifty equal requests at once undo it once, with one answer', async () => {
  const id = await pay();
  const key = aKey();
  const answers = await Promise.all(Array.from({ length: 50 }, () => undo(id, { key })));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
});

test('the same body under the same key for another transfer is another request', async () => {
  const [one, other] = [await pay(), await pay()];
  const key = aKey();
  const first = await undo(one, { key });
  const reused = await undo(other, { key });
  expect([reused.status, reused.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect(reused.body.conflicting_transfer_id).toBe(first.body.id);
  expect((await read(other)).status).toBe('completed');
});

test('it needs a key, and takes no other field', async () => {
  const id = await pay();
  const keyless = await api.call(`/v1/transfers/${id}/reversal`, { body: {} });
  expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_missing']);
  const partial = await undo(id, { body: { amount: '50' } });
  expect([partial.status, partial.body.errors[0].pointer]).toEqual([400, '/amount']);
  const bodiless = await api.call(`/v1/transfers/${id}/reversal`, { method: 'POST', key: aKey() });
  expect(bodiless.status).toBe(201);
});

test('what went to a bank is not reversible', async () => {
  const bank = { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' };
  const body = { rail: 'instant', amount: '1', currency: 'USD', source: { account_id: ada }, destination: { bank } };
  const made = await api.call('/v1/transfers', { body, key: aKey() });
  const answer = await undo(made.body.id);
  expect([answer.status, answer.body.code]).toEqual([409, 'not_reversible']);
});

test('undoing what went to a funding account draws on it, and needs the scope for that', async () => {
  const id = await pay({ destination: { account_id: funding } });
  const scopes = tenantScopes.filter((scope) => scope !== 'funding:write');
  const call = callOf(api.url, await api.keyWith({ scopes }));
  const refused = await call(`/v1/transfers/${id}/reversal`, { body: {}, key: aKey() });
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  expect((await read(id)).status).toBe('completed');
  expect((await undo(id)).status).toBe(201);
});

test("an id of nothing and of another tenant's transfer are not found", async () => {
  const id = await pay();
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Others', actor: 'test' });
  const other = await startApi({ pools, tenantId, startGroup: straightTo(ledger) });
  for (const answer of [
    await undo(toPublic('transfer', uuidV7())),
    await other.call(`/v1/transfers/${id}/reversal`, { body: {}, key: aKey() }),
  ])
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  await other.end();
});
