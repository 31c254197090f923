import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { anAccount, aTransfer, balanceOf, createAccounts, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aCapture, aHold, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';
import { createHolds } from './create.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const holds = holdsOf(pools);
const day = 86_400_000;

test('money that is held cannot be spent, and has arrived nowhere', async () => {
  const hold = aHold(accounts);
  expect(await holds.create(hold)).toMatchObject({ result: 'decided', holdId: hold.id, refusal: null });
  expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 1_000n, available: 9_000n });
  expect(await balanceOf(pools, accounts.grace)).toEqual({ posted: 0n, held: 0n, available: 0n });
  expect(await reserved(ledger, aTransfer(accounts, { amount: '9001' }))).toMatchObject({
    event: { to: 'declined', evidence: { refusal: { code: 'insufficient_funds' } } },
  });
  expect(await holds.storyOf(hold.id)).toEqual(['created to open']);
});

test('what a transfer holds cannot be held again', async () => {
  const later = new Date(Date.now() + day).toISOString();
  await reserved(ledger, aTransfer(accounts, { amount: '9500', executeAt: later }));
  expect(await holds.create(aHold(accounts))).toMatchObject({ refusal: 'insufficient_funds' });
});

test('one after the other in a batch: what one takes, the next finds taken', async () => {
  const three = ['6000', '6000', '4000'].map((amount) => aHold(accounts, { amount }));
  const outcomes = await createHolds(pools.api, three, async () => {});
  expect(outcomes).toMatchObject([{ refusal: null }, { refusal: 'insufficient_funds' }, { refusal: null }]);
});

const refusals: [string, string, () => Promise<Parameters<typeof aHold>[1]>][] = [
  ['no such source', 'account_not_found', async () => ({ sourceAccountId: uuidV7() })],
  ['no such destination', 'account_not_found', async () => ({ destinationAccountId: uuidV7() })],
  [
    "another tenant's account",
    'account_not_found',
    async () => ({ destinationAccountId: (await createAccounts(pools, ledger)).grace }),
  ],
  ['one account', 'same_account', async () => ({ destinationAccountId: accounts.ada })],
  ["the platform's", 'account_kind_not_allowed', async () => ({ destinationAccountId: accounts.suspense })],
  ['another currency', 'currency_mismatch', async () => ({ currency: 'EUR' })],
  [
    'accounts of two currencies',
    'currency_mismatch',
    async () => ({ destinationAccountId: await anAccount(pools, { tenantId: accounts.tenantId, currency: 'EUR' }) }),
  ],
  ['a frozen source', 'account_frozen', async () => status(accounts.ada, 'frozen')],
  ['a frozen destination', 'account_frozen', async () => status(accounts.grace, 'frozen')],
  ['a closed destination', 'account_closed', async () => status(accounts.grace, 'closed')],
  ['more than there is', 'insufficient_funds', async () => ({ amount: '10001' })],
  [
    'more than a counter takes',
    'amount_too_large',
    async () => {
      const largest = { sourceAccountId: accounts.funding, amount: '999999999999999999' };
      for (let n = 0; n < 4; n += 1) await holds.create(aHold(accounts, largest));
      return largest;
    },
  ],
];
const status = async (id: string, to: 'frozen' | 'closed') => {
  await setStatus(pools, { id, tenantId: accounts.tenantId, status: to });
  return {};
};

test.each(refusals)('%s: %s, and it stays so under its key', async (_, code, change) => {
  const hold = aHold(accounts, await change());
  expect(await holds.create(hold)).toMatchObject({ result: 'decided', refusal: code });
  expect(await holds.create({ ...hold, id: uuidV7() })).toMatchObject({ result: 'replayed', refusal: code });
  expect(await holds.rowOf(hold.id)).toBeUndefined();
});

test('a refusal stays although the hold would be accepted now', async () => {
  const hold = aHold(accounts, { amount: '10001' });
  await holds.create(hold);
  await reserved(
    ledger,
    aTransfer(accounts, { sourceAccountId: accounts.funding, destinationAccountId: accounts.ada }),
  );
  expect(await holds.create({ ...hold, id: uuidV7() })).toMatchObject({ refusal: 'insufficient_funds' });
});

test.each([
  ['now', () => new Date(), 'expiry_out_of_range'],
  ['in the past', () => new Date(Date.now() - 1), 'expiry_out_of_range'],
  ['in a second', () => new Date(Date.now() + 60_000), 'decided'],
  ['in thirty days', () => new Date(Date.now() + 30 * day - 60_000), 'decided'],
  ['in thirty-one', () => new Date(Date.now() + 31 * day), 'expiry_out_of_range'],
])('a hold that expires %s', async (_, at, result) => {
  const hold = aHold(accounts, { expiresAt: at() });
  expect(await holds.create(hold)).toMatchObject({ result });
  const { rows } = await pools.root.query('select from ledger.idempotency_key where key = $1', [
    hold.idempotencyKey.key,
  ]);
  expect(rows).toHaveLength(result === 'decided' ? 1 : 0);
});

test('without a time it expires after seven days', async () => {
  const hold = aHold(accounts);
  await holds.create(hold);
  const { rows } = await pools.root.query(
    'select expires_at - created_at as lasts from ledger.client_hold where id = $1',
    [hold.id],
  );
  expect(rows[0].lasts).toMatchObject({ days: 7 });
});

test('an id that was made long ago, or lies ahead, is not decided', async () => {
  const ids = [-301_000, 61_000].map((ms) => uuidV7({ msecs: Date.now() + ms }));
  for (const id of ids) expect(await holds.create(aHold(accounts, { id }))).toEqual({ result: 'too_old' });
});

test('fifty equal requests at once are one hold; another under the key is refused', async () => {
  const hold = aHold(accounts);
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => holds.create({ ...hold, id: uuidV7() })));
  expect(new Set(outcomes.map((one) => ('holdId' in one ? one.holdId : null))).size).toBe(1);
  expect(outcomes.filter(({ result }) => result === 'decided')).toHaveLength(1);
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 1_000n });
  const other = { ...hold, id: uuidV7(), idempotencyKey: { ...hold.idempotencyKey, fingerprint: 'f'.repeat(64) } };
  const [first] = outcomes.flatMap((one) => ('holdId' in one ? [one.holdId] : []));
  expect(await holds.create(other)).toEqual({ result: 'key_reused', conflict: { thing: 'hold', id: first } });
});

test('the key of a transfer makes no hold, and that of a hold no transfer', async () => {
  const transfer = aTransfer(accounts);
  await reserved(ledger, transfer);
  const { key, fingerprint } = transfer;
  expect(await holds.create(aHold(accounts, { idempotencyKey: { key, fingerprint } }))).toEqual({
    result: 'key_reused',
    conflict: { thing: 'transfer', id: transfer.id },
  });
  const hold = aHold(accounts);
  await holds.create(hold);
  const conflict = { thing: 'hold', id: hold.id };
  const late = aTransfer(accounts, hold.idempotencyKey);
  expect(await reserved(ledger, late)).toMatchObject({ result: 'key_reused', conflict });
  const capture = aCapture(accounts, { holdId: hold.id, idempotencyKey: hold.idempotencyKey });
  expect(await holds.capture(capture)).toMatchObject({ result: 'key_reused', conflict });
});

test('a hold that names accounts of another tenant is refused, and locks none of them', async () => {
  const theirs = await createAccounts(pools, ledger);
  const locked = await pools.root.connect();
  try {
    await locked.query('begin');
    await locked.query('select from ledger.balance where account_id = $1 for update', [theirs.ada]);
    const hold = aHold(accounts, { sourceAccountId: theirs.ada });
    expect(await holds.create(hold)).toMatchObject({ result: 'decided', refusal: 'account_not_found' });
  } finally {
    await locked.query('rollback');
    locked.release();
  }
});
