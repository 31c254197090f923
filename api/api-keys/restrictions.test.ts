import { describe, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { aKey, freshApi } from '../../test/support/harness/api.ts';

const { pools, accounts, api, another } = freshApi();

const account = (id: string) => toPublic('account', id);
const transfer = (source: string, destination: string, amount = '1') => ({
  rail: 'book',
  amount,
  currency: 'USD',
  source: { account_id: account(source) },
  destination: { account_id: account(destination) },
});
const send = (secret: string, body: object, key = aKey()) => api.call('/v1/transfers', { secret, body, key });
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];
const rows = async () =>
  (
    await pools.root.query<{ n: string }>(
      'select (select count(*) from ledger.transfer) || $1 || (select count(*) from ledger.idempotency_key) as n',
      [' '],
    )
  ).rows[0]?.n;

describe('a key that is restricted to accounts', () => {
  test('takes money from them alone, pays into any, and changes no other', async () => {
    const secret = await api.keyWith({ accountIds: [accounts.ada] });
    const before = await rows();
    const key = aKey();
    expect(codeOf(await send(secret, transfer(accounts.grace, accounts.ada), key))).toEqual([
      403,
      'account_not_allowed',
    ]);
    const rename = (id: string) =>
      api.call(`/v1/accounts/${account(id)}`, { method: 'PATCH', secret, body: { name: 'Mine' } });
    expect(codeOf(await rename(accounts.grace))).toEqual([403, 'account_not_allowed']);
    const deposit = { account_id: account(accounts.ada), amount: '1' };
    expect(codeOf(await api.call('/add_balance', { secret, body: deposit, key }))).toEqual([
      403,
      'account_not_allowed',
    ]);
    const simple = { from: account(accounts.grace), to: account(accounts.ada), amount: '1' };
    expect(codeOf(await api.call('/transfer', { secret, body: simple, key }))).toEqual([403, 'account_not_allowed']);
    // Nothing was written, and the key was not used: it is taken by the request that is permitted.
    expect(await rows()).toBe(before);
    expect((await send(secret, transfer(accounts.ada, accounts.grace), key)).status).toBe(201);
    expect((await rename(accounts.ada)).status).toBe(200);
  });

  test('gets no answer of a request that another key made, when it repeats it', async () => {
    const key = aKey();
    const body = transfer(accounts.ada, accounts.grace);
    const wide = await api.keyWith({});
    expect((await send(wide, body, key)).status).toBe(201);
    const narrow = await api.keyWith({ accountIds: [accounts.grace] });
    expect(codeOf(await send(narrow, body, key))).toEqual([403, 'account_not_allowed']);
  });

  test('reverses no transfer that went to another account, nor one above its largest amount', async () => {
    const made = await send(await api.keyWith({}), transfer(accounts.ada, accounts.grace, '9'));
    const reverse = (secret: string) =>
      api.call(`/v1/transfers/${made.body.id}/reversal`, { method: 'POST', secret, key: aKey() });
    const ofAda = await reverse(await api.keyWith({ accountIds: [accounts.ada] }));
    expect(codeOf(ofAda)).toEqual([403, 'account_not_allowed']);
    expect(codeOf(await reverse(await api.keyWith({ amountMax: 8n })))).toEqual([403, 'amount_not_allowed']);
    expect((await reverse(await api.keyWith({ accountIds: [accounts.grace], amountMax: 9n }))).status).toBe(201);
  });

  test('cancels no transfer of another account', async () => {
    const later = {
      ...transfer(accounts.ada, accounts.grace),
      execute_at: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const made = await send(await api.keyWith({}), later);
    const cancel = async (accountId: string) =>
      api.call(`/v1/transfers/${made.body.id}/cancellation`, {
        method: 'POST',
        secret: await api.keyWith({ accountIds: [accountId] }),
      });
    expect(codeOf(await cancel(accounts.grace))).toEqual([403, 'account_not_allowed']);
    expect((await cancel(accounts.ada)).body.status).toBe('cancelled');
  });
});

test('a key with a largest amount moves it and no more', async () => {
  const secret = await api.keyWith({ amountMax: 50n });
  const key = aKey();
  const before = await rows();
  const refused = await send(secret, transfer(accounts.ada, accounts.grace, '51'), key);
  expect([...codeOf(refused), refused.body.detail]).toEqual([
    403,
    'amount_not_allowed',
    'This key may move at most 50 minor units in one request.',
  ]);
  const deposit = { account_id: account(accounts.ada), amount: '51' };
  expect(codeOf(await api.call('/add_balance', { secret, body: deposit, key }))).toEqual([403, 'amount_not_allowed']);
  expect(await rows()).toBe(before);
  expect((await send(secret, transfer(accounts.ada, accounts.grace, '50'), key)).status).toBe(201);
});

test.each<[string, string[], string | undefined, number]>([
  ['its own address', ['127.0.0.0/8'], undefined, 200],
  ['another address', ['192.0.2.0/24'], undefined, 403],
  ['an address that the client makes up', ['192.0.2.0/24'], '192.0.2.7', 403],
])('a key that is bound to addresses, from %s', async (_, addresses, forwarded, status) => {
  const secret = await api.keyWith({ addresses });
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const answer = await api.call('/v1/me', { secret, headers });
  expect(answer.status).toBe(status);
  if (status === 403) expect(answer.body).toMatchObject({ code: 'address_not_allowed', retryable: false });
});

test.each([
  ['2001:db8::9', 200],
  ['192.0.2.7', 200],
  ['2001:db9::9', 403],
  ['unknown', 403],
])('behind a declared proxy that says %s', async (forwarded, status) => {
  const one = await another({ tamper: (deps) => ({ ...deps, trustedProxies: ['127.0.0.0/8'] }) });
  const secret = await one.keyWith({ addresses: ['192.0.2.0/24', '2001:db8::/32'] });
  expect((await one.call('/v1/me', { secret, headers: { 'x-forwarded-for': forwarded } })).status).toBe(status);
});

describe('a key makes no key that is wider', () => {
  const make = (secret: string, more: object) =>
    api.call('/v1/api-keys', { secret, body: { name: 'Child', scopes: ['keys:admin'], ...more } });
  const parent = () =>
    api.keyWith({
      scopes: ['keys:admin'],
      accountIds: [accounts.ada, accounts.grace],
      amountMax: 100n,
      addresses: ['127.0.0.0/8', '2001:db8::/32'],
    });

  test('what is left out, or null, is as in the key that makes it', async () => {
    const secret = await parent();
    for (const more of [{}, { account_ids: null, amount_max: null, addresses: null }]) {
      expect((await make(secret, more)).body).toMatchObject({
        account_ids: [account(accounts.ada), account(accounts.grace)],
        amount_max: '100',
        addresses: ['127.0.0.0/8', '2001:db8::/32'],
      });
    }
  });

  test.each<[string, () => object]>([
    ['account', () => ({ account_ids: [account(accounts.ada), account(accounts.funding)] })],
    ['amount', () => ({ amount_max: '101' })],
    ['address', () => ({ addresses: ['127.0.0.0/7'.replace('127', '126')] })],
    ['address of the other family', () => ({ addresses: ['2001:db8::/32', '2001:db9::1'] })],
  ])('with another %s is refused', async (_, more) => {
    expect(codeOf(await make(await parent(), more()))).toEqual([403, 'forbidden']);
  });

  test('narrower is good, and its child is bound to that', async () => {
    const narrow = { account_ids: [account(accounts.ada)], amount_max: '7', addresses: ['127.0.0.1'] };
    const child = await make(await parent(), narrow);
    expect(child.body).toMatchObject({ ...narrow, addresses: ['127.0.0.1/32'] });
    expect((await api.call('/v1/me', { secret: child.body.secret })).body).toMatchObject({ amount_max: '7' });
    expect(codeOf(await make(child.body.secret, { amount_max: '8' }))).toEqual([403, 'forbidden']);
    expect((await make(child.body.secret, {})).body).toMatchObject({ amount_max: '7' });
  });

  test.each<[string, string, () => object]>([
    ['/addresses/0', 'a network with bits after its prefix', () => ({ addresses: ['192.0.2.7/24'] })],
    ['/addresses', 'twenty-one networks', () => ({ addresses: Array.from({ length: 21 }, (_, n) => `192.0.2.${n}`) })],
    [
      '/account_ids/1',
      'an account that nobody has',
      () => ({
        account_ids: [account(accounts.ada), 'ac_01k0000000000000000000000a'],
      }),
    ],
    ['/account_ids', 'no account', () => ({ account_ids: [] })],
    ['/amount_max', 'nothing', () => ({ amount_max: '0' })],
  ])('%s: %s is refused', async (pointer, _, more) => {
    const { status, body } = await make(await api.keyWith({}), more());
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });
});
