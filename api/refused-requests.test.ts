import { beforeAll, expect, test } from '@jest/globals';
import { openThings, type WriteRoute, writeRoutes } from '../test/input/write-routes.ts';
import { aKey, freshApi } from '../test/support/harness/api.ts';
import { changeOf, countRows } from '../test/support/harness/row-counts.ts';

/**
 * A request that is refused leaves no row: each write of the API, as it would be accepted, by a key that may not make it, or under an
 * idempotency key that is another request's. What a field must not be is `test/input`.
 */
const { pools, accounts, api } = freshApi();
let writes: readonly (readonly [string, WriteRoute])[];

beforeAll(async () => {
  const things = await openThings(api.call);
  // The first payment into an account in euros opens a funding account.
  const first: WriteRoute = {
    path: '/add_balance',
    body: { account_id: things.bank.euros, amount: '5' },
    fields: [],
  };
  const rows = {
    ...(await writeRoutes(things)),
    'PATCH /v1/accounts/{id}': [{ path: `/v1/accounts/${things.bank.poor}`, body: { name: 'Another' }, fields: [] }],
    'POST /add_balance, the first in its currency': [first],
  };
  writes = Object.entries(rows).flatMap(([route, its]) => its.map((one) => [route, one] as const));
});

/** Sends every write, and returns the routes that refuse it with this status. None that is refused may have left a row. */
async function refusedWith(status: number, { secret, key }: { secret?: string; key?: string }): Promise<Set<string>> {
  const found = new Set<string>();
  for (const [route, { path, body }] of writes) {
    const [method = ''] = route.split(' ');
    const before = await countRows(pools.root);
    const answer = await api.call(path, {
      ...{ method, body },
      ...(path !== '/v1/transfers/batch' && { key: key ?? aKey() }),
      ...(secret !== undefined && { secret }),
    });
    if (answer.status < 400) continue;
    expect([route, changeOf(before, await countRows(pools.root))]).toEqual([route, {}]);
    if (answer.status === status) found.add(route);
  }
  return found;
}

test.each([
  ['without a scope', { scopes: [] }],
  ['from elsewhere', { addresses: ['192.0.2.0/24'] }],
])('every write by a key %s', async (_, options) => {
  const routes = new Set(writes.map(([route]) => route));
  expect(await refusedWith(403, { secret: await api.keyWith(options) })).toEqual(routes);
});

/** What moves or holds money, or gives it back. */
const money = [
  'POST /v1/transfers',
  'POST /v1/transfers/{id}/reversal',
  'POST /v1/holds',
  'POST /v1/holds/{id}/captures',
  'POST /v1/entries',
  'POST /v1/entries/{id}/reversal',
  'POST /add_balance',
  'POST /add_balance, the first in its currency',
  'POST /transfer',
];
const withoutKey = ['POST /v1/transfers/preview', 'POST /v1/transfers/batch'];
/** What no tenant's key may do. */
const operating = ['PATCH /v1/statement-runs/{tenant_id}/{month}'];
const takingBack = ['POST /v1/transfers/{id}/cancellation', 'POST /v1/holds/{id}/release'];

test('what takes money from an account, or changes one, by a key of other accounts', async () => {
  const secret = await api.keyWith({ accountIds: [accounts.ada] });
  const wider = ['PATCH /v1/accounts/{id}', 'POST /v1/api-keys/{id}/rotate'];
  expect(await refusedWith(403, { secret })).toEqual(
    new Set([...money, ...withoutKey, ...takingBack, ...wider, ...operating]),
  );
});

test('what moves money, by a key of smaller amounts', async () => {
  const secret = await api.keyWith({ amountMax: 1n });
  const wider = ['POST /v1/api-keys/{id}/rotate'];
  expect(await refusedWith(403, { secret })).toEqual(new Set([...money, ...withoutKey, ...wider, ...operating]));
});

test('what takes an idempotency key, under one of another request', async () => {
  const key = aKey();
  await api.call('/v1/accounts', { body: { name: 'Another', currency: 'USD' }, key });
  const makes = [
    ...['POST /account', 'POST /v1/accounts', 'POST /v1/api-keys'],
    ...['POST /v1/statements', 'POST /v1/webhook-endpoints'],
  ];
  const rotates = ['POST /v1/api-keys/{id}/rotate', 'POST /v1/webhook-endpoints/{id}/secret/rotate'];
  expect(await refusedWith(422, { key })).toEqual(new Set([...money, ...takingBack, ...makes, ...rotates]));
});
