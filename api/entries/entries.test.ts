import { beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { aKey, freshApi, type Reply, startApi, straightTo } from '../../test/support/harness/api.ts';

const { pools, ledger, accounts, api } = freshApi();
let ada: string;
let grace: string;
let funding: string;
let fees: string;
beforeAll(async () => {
  [ada, grace, funding] = [accounts.ada, accounts.grace, accounts.funding].map((id) => toPublic('account', id)) as [
    string,
    string,
    string,
  ];
  const { data } = (await api.call('/v1/accounts')).body;
  fees = data.find((account: { kind: string }) => account.kind === 'fees').id;
});

const leg = (debit: string, credit: string, amount = '100') => ({
  debit_account_id: debit,
  credit_account_id: credit,
  amount,
  currency: 'USD',
});
const post = (body: unknown, key = aKey(), headers: Record<string, string> = {}): Promise<Reply> =>
  api.call('/v1/entries', { body, key, headers });
const reverse = (id: string, body: unknown = {}, key = aKey()): Promise<Reply> =>
  api.call(`/v1/entries/${id}/reversal`, { body, key });
const ids = ({ body }: Reply): string[] => body.data.map((one: { id: string }) => one.id);

test('an entry of several legs is posted in its answer, reads back the same, and its balances are new for its client', async () => {
  const legs = [leg(ada, grace, '900'), leg(ada, fees, '25')];
  const made = await post({ legs, description: 'lunch', metadata: { b: '2', a: '1' } });
  expect(made.status).toBe(201);
  expect(made.headers['location']).toBe(`/v1/entries/${made.body.id}`);
  expect(made.body).toMatchObject({
    ...{ object: 'entry', legs, transfer_id: null, reverses_id: null, reversed_by_id: null, description: 'lunch' },
    effective_at: made.body.created_at,
  });
  expect((await api.call(made.headers['location'] ?? '')).text).toBe(made.text);
  const headers = { 'ledger-token': made.headers['ledger-token'] ?? '' };
  expect((await api.call(`/v1/accounts/${fees}/balance`, { headers })).body.posted).toBe('25');
  const { data } = (await api.call(`/v1/accounts/${fees}/postings`)).body;
  expect(data[0]).toMatchObject({ entry_id: made.body.id, transfer_id: null, amount: '25' });
});

test('the same request again gets the same bytes, posted or refused; another one under its key is refused', async () => {
  const key = aKey();
  const body = { legs: [leg(ada, grace, '1')] };
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(body, key)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  const other = await post({ legs: [leg(ada, grace, '2')] }, key);
  expect([other.status, other.body.code, other.body.conflicting_entry_id]).toEqual([
    422,
    'idempotency_key_reused',
    answers[0]?.body.id,
  ]);
  expect(ids(await api.call(`/v1/entries?idempotency_key=%22${key}%22`))).toEqual([answers[0]?.body.id]);

  const poor = { legs: [leg(ada, grace, '1'), leg(grace, ada, '99999999')] };
  const poorKey = aKey();
  const first = await post(poor, poorKey);
  expect([first.status, first.body.code]).toEqual([422, 'insufficient_funds']);
  expect(first.body.detail).toContain('Leg 1: ');
  const second = await post(poor, poorKey);
  expect([second.text, second.headers['idempotent-replayed']]).toEqual([first.text, 'true']);
  expect(ids(await api.call(`/v1/entries?idempotency_key=${poorKey}`))).toEqual([]);
});

test.each<[string, () => object, string]>([
  ['no legs', () => ({ legs: [] }), '/legs'],
  ['too many legs', () => ({ legs: Array(101).fill(leg(ada, grace)) }), '/legs'],
  ['a leg of nothing', () => ({ legs: [leg(ada, grace, '0')] }), '/legs/0/amount'],
  ['a leg in no currency', () => ({ legs: [{ ...leg(ada, grace), currency: 'XXX' }] }), '/legs/0/currency'],
  [
    'an id of another thing',
    () => ({ legs: [leg(ada, 'tr_01k0example0000000000000000')] }),
    '/legs/0/credit_account_id',
  ],
  ['a field that is not there', () => ({ legs: [leg(ada, grace)], fee: '1' }), '/fee'],
  [
    'a date that is more than a minute ahead',
    () => ({ legs: [leg(ada, grace)], effective_at: new Date(Date.now() + 120_000).toISOString() }),
    '/effective_at',
  ],
])('%s is refused, and its key stays free', async (_, body, pointer) => {
  const key = aKey();
  const refused = await post(body(), key);
  expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
  expect(refused.body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
  expect((await post({ legs: [leg(ada, grace, '1')] }, key)).status).toBe(201);
});

test('a key is needed, and so is the scope of what is drawn on', async () => {
  expect((await api.call('/v1/entries', { body: { legs: [leg(ada, grace)] } })).body.code).toBe(
    'idempotency_key_missing',
  );
  const secret = await api.keyWith({ scopes: ['entries:write'] });
  const draw = await api.call('/v1/entries', { body: { legs: [leg(funding, ada)] }, key: aKey(), secret });
  expect([draw.status, draw.body.code]).toEqual([403, 'forbidden']);
  const out = await post({ legs: [leg(ada, funding, '10')] });
  const undo = { body: {}, key: aKey(), secret };
  expect((await api.call(`/v1/entries/${out.body.id}/reversal`, undo)).status).toBe(403);
  const between = await post({ legs: [leg(ada, grace, '10')] });
  expect((await api.call(`/v1/entries/${between.body.id}/reversal`, undo)).status).toBe(201);
});

describe('reversal', () => {
  test('turns the legs, once, and both entries name each other', async () => {
    const made = await post({ legs: [leg(ada, grace, '30'), leg(ada, fees, '3')] });
    const key = aKey();
    const body = { description: 'not ordered' };
    const back = await reverse(made.body.id, body, key);
    expect([back.status, back.body.reverses_id]).toEqual([201, made.body.id]);
    expect(back.body.legs).toEqual([leg(grace, ada, '30'), leg(fees, ada, '3')]);
    expect((await api.call(`/v1/entries/${back.body.id}`)).text).toBe(back.text);
    expect((await api.call(`/v1/entries/${made.body.id}`)).body.reversed_by_id).toBe(back.body.id);
    expect((await reverse(made.body.id, body, key)).text).toBe(back.text);
    expect(await reverse(made.body.id)).toMatchObject({ status: 409, body: { code: 'already_reversed' } });
    expect(await reverse(back.body.id)).toMatchObject({ status: 409, body: { code: 'not_reversible' } });
  });

  test('of an entry of a transfer is refused; under one key, that of another entry is another request', async () => {
    const transfer = await api.call('/v1/transfers', {
      body: {
        ...{ rail: 'book', amount: '1', currency: 'USD' },
        ...{ source: { account_id: ada }, destination: { account_id: grace } },
      },
      key: aKey(),
    });
    const [entryId] = transfer.body.entry_ids;
    expect(await reverse(entryId)).toMatchObject({ status: 409, body: { code: 'belongs_to_transfer' } });
    expect((await api.call(`/v1/entries/${entryId}`)).body).toMatchObject({ transfer_id: transfer.body.id });
    expect(ids(await api.call(`/v1/entries?transfer_id=${transfer.body.id}`))).toEqual([entryId]);
    const key = aKey();
    const [one, two] = [await post({ legs: [leg(ada, grace, '1')] }), await post({ legs: [leg(ada, grace, '1')] })];
    expect((await reverse(one.body.id, {}, key)).status).toBe(201);
    expect((await reverse(two.body.id, {}, key)).body.code).toBe('idempotency_key_reused');
  });
});

test("another tenant's entry is none", async () => {
  const made = await post({ legs: [leg(ada, grace, '1')] });
  const tenantId = uuidV7();
  await createTenant(pools.root, { id: tenantId, name: 'Other', actor: 'test' });
  const other = await startApi({ pools, tenantId, startGroup: straightTo(ledger) });
  const address = `/v1/entries/${made.body.id}`;
  expect((await other.call(address)).status).toBe(404);
  expect((await other.call(`${address}/reversal`, { body: {}, key: aKey() })).status).toBe(404);
  expect(ids(await other.call('/v1/entries'))).toEqual([]);
  expect((await other.call('/v1/entries', { body: { legs: [leg(ada, grace)] }, key: aKey() })).body.code).toBe(
    'account_not_found',
  );
  await other.end();
});

test('the list is paged and narrowed by account, by the time of the commit and by the date', async () => {
  const account = (await api.call('/v1/accounts', { body: { name: 'Lists', currency: 'USD' } })).body.id;
  const dates = ['2024-01-10T00:00:00.000Z', '2024-03-10T00:00:00.000Z', '2024-02-10T00:00:00.000Z'];
  const made: string[] = [];
  for (const effective_at of dates)
    made.push((await post({ legs: [leg(funding, account), leg(funding, account)], effective_at })).body.id);
  const [january, march, february] = made;
  expect(ids(await api.call(`/v1/entries?account_id=${account}`))).toEqual([february, march, january]);
  const walked: string[] = [];
  let cursor = '';
  do {
    const page = await api.call(`/v1/entries?account_id=${account}&limit=1${cursor}`);
    walked.push(...ids(page));
    cursor = page.body.next_cursor === null ? '' : `&cursor=${page.body.next_cursor}`;
  } while (cursor !== '');
  expect(walked).toEqual([february, march, january]);
  const year = 'effective_from=2024-01-01T00:00:00Z&effective_to=2025-01-01T00:00:00Z';
  expect(ids(await api.call(`/v1/entries?${year}`))).toEqual([march, february, january]);
  const first = await api.call(`/v1/entries?${year}&limit=2`);
  expect(ids(first)).toEqual([march, february]);
  expect(ids(await api.call(`/v1/entries?${year}&limit=2&cursor=${first.body.next_cursor}`))).toEqual([january]);
  expect(ids(await api.call(`/v1/entries?${year}&account_id=${account}`))).toEqual([february, march, january]);
  const at = (await api.call(`/v1/entries/${march}`)).body.created_at;
  expect(ids(await api.call(`/v1/entries?account_id=${account}&created_to=${at}`))).toEqual([january]);
  expect(ids(await api.call(`/v1/entries?created_from=${at}&account_id=${account}`))).toEqual([february, march]);
  const postings = (await api.call(`/v1/accounts/${account}/postings`)).body.data;
  expect(new Set(postings.map((one: { effective_at: string }) => one.effective_at))).toEqual(new Set(dates));
});
