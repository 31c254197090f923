import { expect, test } from '@jest/globals';
import { aKey, freshApi } from '../../../test/support/harness/api.ts';

/** K18: a key is kept permanently with the fingerprint of its request: a change of the fingerprint breaks every stored key. */
const { pools, api } = freshApi();

const stored = async (key: string): Promise<string> => {
  const text = `select encode(fingerprint, 'hex') as print from ledger.idempotency_key where key = $1`;
  return (await pools.root.query(text, [key])).rows[0]?.print;
};

const noAccount = 'ac_01kahk5z0000000000000000zz';
// Its accounts do not exist: the transfer is declined, and its key is kept like any other.
const aTransfer = {
  rail: 'instant',
  amount: '1250',
  currency: 'USD',
  source: { account_id: noAccount },
  destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Zoë Ångström' } },
  execute_at: '2026-01-31T10:00:00+01:00',
  metadata: { b: '2', a: '1' },
};

test.each([
  [
    '/v1/accounts',
    { name: 'Ada', currency: 'USD' },
    '0f3c320c961732847d600cd10d20fd5d64380ac5057bd193129d61b98bd01ac6',
  ],
  ['/v1/transfers', aTransfer, '6229f2ef46e09c84aab8e086d15721cff90621d6eee19894e6c8ec852b9185ed'],
  [
    '/v1/webhook-endpoints',
    { url: 'https://example.com/notices', description: 'a "quoted" text\\' },
    '2c4db25d80036f7318a1d8cd13f2f8b5f920bb226d3d21b16e5b3fe245e9f8b3',
  ],
  ['/account', { name: 'Ada' }, '9d06096793f997a033abb1f8e784de4abf3dee33f83043d65f5913d033877220'],
  [
    '/transfer',
    { from: noAccount, to: noAccount, amount: '1' },
    '8afc60ea3dbf3a0dfff0fdeec9698ad42de9ae10f682ac91b5e03d29bea97db0',
  ],
  [
    '/add_balance',
    { account_id: noAccount, amount: '1' },
    '63bc4f3fb8b988a8a27918b591b7c3975f55aa51012355dd798dcaeb3ee13b64',
  ],
])('a request to %s has the same fingerprint as in every release', async (path, body, print) => {
  const key = aKey();
  expect([201, 422]).toContain((await api.call(path, { body, key })).status);
  expect(await stored(key)).toBe(print);
});

test.each([
  ['a default that is sent', '/v1/accounts', { name: 'Ada', currency: 'USD' }, { kind: 'customer' }],
  ['an instant in another spelling', '/v1/transfers', aTransfer, { execute_at: '2026-01-31T09:00:00Z' }],
])('%s makes another request', async (_, path, body, change) => {
  const key = aKey();
  await api.call(path, { body, key });
  const other = await api.call(path, { body: { ...body, ...change }, key });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});
