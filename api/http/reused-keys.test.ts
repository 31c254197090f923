import { beforeAll, expect, test } from '@jest/globals';
import type { KeyedThing } from '../../domain/key-conflict.ts';
import { type Bank, type MoneyRequest, moneyRoutes, openBank } from '../../test/support/fixtures/money-requests.ts';
import { aKey, freshApi, type Reply } from '../../test/support/harness/api.ts';
import { routes } from '../routes.ts';

/**
 * A key that belongs to another request is refused in one way, whatever the two requests are: the answer names what the first one
 * made, which can be read, and nothing where the first was refused.
 */
const { api } = freshApi();
let bank: Bank;

type Row = {
  /** A request that is accepted, each time for something new. */
  request: () => Promise<MoneyRequest> | MoneyRequest;
  /** What makes it another request. */
  change: object | (() => object);
  /** What it makes, and where its answer has the id of that. */
  makes: KeyedThing;
  id?: string;
};

const post = ({ path, body }: MoneyRequest, key = aKey()): Promise<Reply> => api.call(path, { body, key });
const idOf = async (path: string, body: object): Promise<string> =>
  (await api.call(path, { body, key: aKey() })).body.id;
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const parties = () => ({ source: { account_id: bank.rich }, destination: { account_id: bank.poor } });
const money = () => ({ ...parties(), amount: '5', currency: 'USD' });
const endpoint = { url: 'https://example.com/hook' };
const apiKey = { name: 'A key', scopes: ['accounts:read'] };

const ofMoney = (title: string, makes: KeyedThing, id?: string): Record<string, Row> => {
  const route = moneyRoutes[title];
  if (!route) throw new Error(`${title} has no request in money-requests.ts`);
  const change = title === 'POST /v1/transfers/{id}/reversal' ? { reason: 'another' } : { amount: '4' };
  const changed =
    title === 'POST /v1/entries' || title.startsWith('POST /v1/entries/') ? { description: 'other' } : change;
  return { [title]: { request: () => route.accepted(bank), change: changed, makes, ...(id !== undefined && { id }) } };
};

/** Every route that takes a key. One that is new makes the first test red until it has its row. */
const rows: Record<string, Row> = {
  ...ofMoney('POST /v1/transfers', 'transfer'),
  ...ofMoney('POST /v1/transfers/{id}/reversal', 'transfer'),
  ...ofMoney('POST /v1/holds', 'hold'),
  ...ofMoney('POST /v1/holds/{id}/captures', 'entry', 'entry_id'),
  ...ofMoney('POST /v1/entries', 'entry'),
  ...ofMoney('POST /v1/entries/{id}/reversal', 'entry'),
  ...ofMoney('POST /transfer', 'transfer', 'transaction_id'),
  ...ofMoney('POST /add_balance', 'transfer', 'transaction_id'),
  'POST /v1/transfers/{id}/cancellation': {
    request: async () => {
      const id = await idOf('/v1/transfers', { rail: 'book', ...money(), execute_at: inAnHour() });
      return { path: `/v1/transfers/${id}/cancellation`, body: {} };
    },
    ...{ change: { reason: 'another' }, makes: 'transfer' },
  },
  'POST /v1/holds/{id}/release': {
    request: async () => ({ path: `/v1/holds/${await idOf('/v1/holds', money())}/release`, body: {} }),
    ...{ change: { reason: 'another' }, makes: 'hold' },
  },
  'POST /v1/accounts': {
    request: () => ({ path: '/v1/accounts', body: { name: 'Ada', currency: 'USD' } }),
    ...{ change: { name: 'Grace' }, makes: 'account' },
  },
  'POST /account': {
    request: () => ({ path: '/account', body: { name: 'Ada' } }),
    ...{ change: { name: 'Grace' }, makes: 'account', id: 'account_id' },
  },
  'POST /v1/api-keys': {
    request: () => ({ path: '/v1/api-keys', body: apiKey }),
    ...{ change: { name: 'Another' }, makes: 'api_key' },
  },
  'POST /v1/api-keys/{id}/rotate': {
    request: async () => ({ path: `/v1/api-keys/${await idOf('/v1/api-keys', apiKey)}/rotate`, body: {} }),
    ...{ change: { overlap_seconds: 5 }, makes: 'api_key' },
  },
  'POST /v1/webhook-endpoints': {
    request: () => ({ path: '/v1/webhook-endpoints', body: endpoint }),
    ...{ change: { description: 'another' }, makes: 'webhook_endpoint' },
  },
  'POST /v1/statements': {
    request: async () => ({
      path: '/v1/statements',
      body: { account_id: await idOf('/v1/accounts', { name: 'Ada', currency: 'USD' }) },
    }),
    ...{ change: () => ({ account_id: bank.poor }), makes: 'statement' },
  },
  'POST /v1/webhook-endpoints/{id}/secret/rotate': {
    request: async () => ({
      path: `/v1/webhook-endpoints/${await idOf('/v1/webhook-endpoints', endpoint)}/secret/rotate`,
      body: {},
    }),
    ...{ change: { overlap_seconds: 5 }, makes: 'webhook_endpoint' },
  },
};

const otherThan = ({ path, body }: MoneyRequest, change: Row['change']): MoneyRequest => ({
  path,
  body: { ...body, ...(typeof change === 'function' ? change() : change) },
});

/** A request of each route that is made nowhere else. A key of another request does nothing with it, so it serves again and again. */
const others: [string, MoneyRequest][] = [];
beforeAll(async () => {
  bank = await openBank(api.call);
  for (const [title, { request, change }] of Object.entries(rows))
    others.push([title, otherThan(await request(), change)]);
});

test('every route that takes a key has its row', () => {
  const keyed = routes.filter(({ operation }) => operation.refusals.includes('idempotency_key_reused'));
  expect(Object.keys(rows).toSorted()).toEqual(keyed.map(({ method, path }) => `${method} ${path}`).toSorted());
});

/** What an answer says of a used key: its code, and every member that names what the key belongs to. */
const saysOf = ({ status, body }: Reply): object => ({
  ...{ status, code: body.code, retryable: body.retryable },
  ...Object.fromEntries(Object.entries(body).filter(([name]) => name.startsWith('conflicting_'))),
});
const reused = { status: 422, code: 'idempotency_key_reused', retryable: false };

/** The key is refused at every route, in the same words. */
async function expectEverywhere(key: string, named: object): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const [title, request] of others) {
    const reply = await post(request, key);
    expect([title, saysOf(reply)]).toEqual([title, { ...reused, ...named }]);
    replies.push(reply);
  }
  return replies;
}

const shown: Record<KeyedThing, string> = {
  transfer: '/v1/transfers',
  entry: '/v1/entries',
  hold: '/v1/holds',
  account: '/v1/accounts',
  api_key: '/v1/api-keys',
  webhook_endpoint: '/v1/webhook-endpoints',
  statement: '/v1/statements',
};

test.each(Object.entries(rows))('a key of %s names what it made', async (_, { request, change, makes, id = 'id' }) => {
  const [first, key] = [await request(), aKey()];
  const made = await post(first, key);
  expect(made.status).toBeLessThan(300);
  const named = { [`conflicting_${makes}_id`]: made.body[id] };
  expect(saysOf(await post(otherThan(first, change), key))).toEqual({ ...reused, ...named });
  await expectEverywhere(key, named);
  expect((await api.call(`${shown[makes]}/${made.body[id]}`)).status).toBe(200);
});

/** What the ledger refuses, and keeps under the key: a declined transfer is there, a refused hold or entry is not. */
const declined = Object.entries(moneyRoutes).flatMap(([title, route]) =>
  route.declined ? [[title, route.declined] as const] : [],
);

test.each(declined)('a key of %s that was refused names a declined transfer, or nothing', async (_, make) => {
  const [first, key] = [await make(bank), aKey()];
  const refused = await post(first, key);
  expect([refused.status, refused.body.code]).toEqual([422, first.code]);
  const id: string | undefined = refused.body.transfer_id;
  const replies = await expectEverywhere(key, id === undefined ? {} : { conflicting_transfer_id: id });
  if (id === undefined)
    for (const { body } of replies)
      expect(body.detail).toBe('The key was used with another request, which was refused and made nothing.');
  else expect((await api.call(`/v1/transfers/${id}`)).body.status).toBe('declined');
});

test('a key of an endpoint that was deleted names it still', async () => {
  const key = aKey();
  const { body } = await post({ path: '/v1/webhook-endpoints', body: endpoint }, key);
  await api.call(`/v1/webhook-endpoints/${body.id}`, { method: 'DELETE' });
  await expectEverywhere(key, { conflicting_webhook_endpoint_id: body.id });
});

test('a member of a batch is refused so too', async () => {
  const key = aKey();
  const { body } = await post({ path: '/v1/accounts', body: { name: 'Ada', currency: 'USD' } }, key);
  const member = { idempotency_key: key, rail: 'book', ...money() };
  const { data } = (await api.call('/v1/transfers/batch', { body: { transfers: [member] } })).body;
  expect(saysOf(data[0])).toEqual({ ...reused, conflicting_account_id: body.id });
});
