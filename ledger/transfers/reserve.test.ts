import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { TransferRequest } from '../../domain/transfer.ts';
import {
  type Accounts,
  anAccount,
  aTransfer,
  balanceOf,
  createAccounts,
  setStatus,
  toBank,
} from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { eventOf, reservedTogether } from '../../test/support/fixtures/sends.ts';
import { toReserveRow } from './reserve.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

/** The people of the tests, and accounts on which a transfer may fail. */
type AllAccounts = Accounts & { frozen: string; closed: string; euro: string; stranger: string; credit: string };
let all: AllAccounts;

beforeEach(async () => {
  const stranger = await createAccounts(pools, ledger);
  const { tenantId } = accounts;
  const frozen = await anAccount(pools, { tenantId });
  const closed = await anAccount(pools, { tenantId });
  for (const [id, status] of [
    [frozen, 'frozen'],
    [closed, 'closed'],
  ] as const) {
    await setStatus(pools, { id, tenantId, status });
  }
  all = {
    ...accounts,
    frozen,
    closed,
    euro: await anAccount(pools, { tenantId, currency: 'EUR' }),
    stranger: stranger.ada,
    credit: await anAccount(pools, { tenantId, overdraftLimit: '500' }),
  };
});

const nobody = uuidV7();
const tooMuch = '999999999999999999';

describe('refuses', () => {
  // Where it can, a request breaks the later rules as well: the first in the table is the one that is answered.
  test.each<[code: string, what: string, fields: (w: AllAccounts) => Partial<TransferRequest>]>([
    [
      'execute_at_passed',
      'a date of two minutes ago',
      () => ({ executeAt: new Date(Date.now() - 120_000).toISOString(), sourceAccountId: nobody }),
    ],
    ['account_not_found', 'a source that is nowhere', () => ({ sourceAccountId: nobody, amount: tooMuch })],
    ['account_not_found', 'a destination that is nowhere', () => ({ destinationAccountId: nobody, amount: tooMuch })],
    ['account_not_found', 'a source of another tenant', (w) => ({ sourceAccountId: w.stranger })],
    ['account_not_found', 'a destination of another tenant', (w) => ({ destinationAccountId: w.stranger })],
    ['same_account', 'an account paying itself', (w) => ({ destinationAccountId: w.ada, amount: tooMuch })],
    [
      'same_account',
      'an account paying itself, frozen and in another currency',
      (w) => ({ sourceAccountId: w.frozen, destinationAccountId: w.frozen, currency: 'EUR' }),
    ],
    ['account_kind_not_allowed', 'the clearing account as a source', (w) => ({ sourceAccountId: w.clearing })],
    [
      'account_kind_not_allowed',
      'the suspense account as a destination',
      (w) => ({ destinationAccountId: w.suspense, currency: 'EUR' }),
    ],
    [
      'account_kind_not_allowed',
      'a rail paid from a funding account',
      (w) => ({ ...bank(w), sourceAccountId: w.funding, currency: 'EUR' }),
    ],
    ['currency_mismatch', 'another currency than the source', (w) => ({ sourceAccountId: w.euro, amount: tooMuch })],
    [
      'currency_mismatch',
      'another currency than the destination, which is closed too',
      (w) => ({ destinationAccountId: w.closed, currency: 'EUR' }),
    ],
    [
      'currency_mismatch',
      'a rail paid in a currency the platform keeps no account for',
      (w) => ({ ...bank(w), currency: 'JPY' }),
    ],
    [
      'account_closed',
      'a closed destination, from a frozen source',
      (w) => ({ sourceAccountId: w.frozen, destinationAccountId: w.closed }),
    ],
    ['account_frozen', 'a frozen source with nothing on it', (w) => ({ sourceAccountId: w.frozen, amount: tooMuch })],
    ['account_frozen', 'a frozen destination', (w) => ({ destinationAccountId: w.frozen, amount: tooMuch })],
    ['insufficient_funds', 'one cent more than there is', () => ({ amount: '10001' })],
    ['insufficient_funds', 'one cent more over a rail', (w) => ({ ...bank(w), amount: '10001' })],
    [
      'insufficient_funds',
      'one cent more for a later date',
      (w) => ({ ...bank(w), amount: '10001', executeAt: inDays(1) }),
    ],
    ['insufficient_funds', 'one cent below an overdraft limit', (w) => ({ sourceAccountId: w.credit, amount: '501' })],
  ])('%s: %s', async (code, _, fields) => {
    const request = aTransfer(all, fields(all));
    const outcome = await ledger.reserve(randomUUID(), request);
    expect(outcome).toMatchObject({
      result: 'decided',
      transferId: request.id,
      event: { cause: 'refused', to: 'declined', evidence: { source: 'ledger', refusal: { code } } },
    });
    expect(await balanceOf(pools, all.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
    // Final: the same key gets the same answer, even when the amount would fit now.
    const again = await ledger.reserve(randomUUID(), { ...request, id: uuidV7() });
    expect(again).toMatchObject({ result: 'replayed', transferId: request.id, event: eventOf(outcome) });
  });

  test('amount_too_large: the counters of the payee would overflow, what is held counted', async () => {
    const counterMax = 2n ** 62n;
    const fill = (amount: bigint) =>
      ledger.reserve(randomUUID(), aTransfer(all, { sourceAccountId: all.funding, amount: amount.toString() }));
    // Nineteen digits never pass the edge; the ledger does not rely on that.
    expect(eventOf(await fill(counterMax - 100n - 10_000n))?.to).toBe('completed');
    expect(eventOf(await fill(101n))?.evidence.refusal?.code).toBe('amount_too_large');
    expect(eventOf(await fill(100n))?.to).toBe('completed');
  });
});

describe('takes', () => {
  test.each<[what: string, fields: (w: AllAccounts) => Partial<TransferRequest>, event: object, ada: [bigint, bigint]]>(
    [
      ['a book transfer at once', () => ({}), { cause: 'book_posted', to: 'completed' }, [9_900n, 0n]],
      ['the last cent', () => ({ amount: '10000' }), { cause: 'book_posted', to: 'completed' }, [0n, 0n]],
      [
        'a transfer to the bank',
        (w) => bank(w),
        { cause: 'reserved', to: 'submitting', evidence: { next: { what: 'send', waiting_for: 'worker' } } },
        [10_000n, 100n],
      ],
      [
        'the last cent to the bank',
        (w) => ({ ...bank(w), amount: '10000' }),
        { cause: 'reserved', to: 'submitting' },
        [10_000n, 10_000n],
      ],
      [
        'a date',
        () => ({ executeAt: inDays(2) }),
        {
          cause: 'reserved_for_later',
          to: 'scheduled',
          evidence: { next: { what: 'send_on_date', waiting_for: 'date' } },
        },
        [10_000n, 100n],
      ],
      [
        'a date for the bank',
        (w) => ({ ...bank(w), executeAt: inDays(2) }),
        { cause: 'reserved_for_later', to: 'scheduled' },
        [10_000n, 100n],
      ],
      [
        'a date that has just passed, at once',
        () => ({ executeAt: new Date(Date.now() - 30_000).toISOString() }),
        { cause: 'book_posted', to: 'completed' },
        [9_900n, 0n],
      ],
      [
        'money back to the world outside',
        (w) => ({ destinationAccountId: w.funding }),
        { cause: 'book_posted', to: 'completed' },
        [9_900n, 0n],
      ],
    ],
  )('%s', async (_, fields, event, [posted, held]) => {
    const outcome = await ledger.reserve(randomUUID(), aTransfer(all, fields(all)));
    const reading = { accountId: all.ada, posted: posted.toString(), held: held.toString() };
    const balances = expect.arrayContaining([expect.objectContaining(reading)]);
    expect(outcome).toMatchObject({ result: 'decided', event, balances });
    expect(await balanceOf(pools, all.ada)).toEqual({ posted, held, available: posted - held });
  });

  test('an overdraft to its limit', async () => {
    await ledger.reserve(randomUUID(), aTransfer(all, { sourceAccountId: all.credit, amount: '500' }));
    expect((await balanceOf(pools, all.credit)).available).toBe(-500n);
  });

  test('a batch in its order: what one spends, the next has not', async () => {
    const amounts = ['6000', '5000', '4000', '1'];
    const requests = amounts.map((amount, i) => aTransfer(all, { amount, ...(i % 2 === 1 && bank(all)) }));
    const outcomes = await reservedTogether(pools, requests);
    expect(outcomes.map((outcome) => eventOf(outcome)?.to)).toEqual(['completed', 'declined', 'completed', 'declined']);
    expect(await balanceOf(pools, all.ada)).toEqual({ posted: 0n, held: 0n, available: 0n });
    expect((await balanceOf(pools, all.grace)).posted).toBe(10_000n);
  });

  test('money that comes and goes within one batch', async () => {
    const give = aTransfer(all, { amount: '300' });
    const pass = aTransfer(all, { sourceAccountId: all.grace, destinationAccountId: all.credit, amount: '300' });
    const outcomes = await reservedTogether(pools, [give, pass]);
    expect(outcomes.map((outcome) => eventOf(outcome)?.to)).toEqual(['completed', 'completed']);
    expect((await balanceOf(pools, all.credit)).posted).toBe(300n);
  });
});

test('a transfer that names accounts of another tenant is declined, and locks none of them', async () => {
  const theirs = await createAccounts(pools, ledger);
  const locked = await pools.root.connect();
  try {
    await locked.query('begin');
    await locked.query('select from ledger.balance where tenant_id = $1 for update', [theirs.tenantId]);
    const requests = [
      aTransfer(accounts, { sourceAccountId: theirs.ada }),
      aTransfer(accounts, { destinationAccountId: theirs.grace }),
      toBank(accounts, { sourceAccountId: theirs.ada }),
    ];
    const outcomes = await reservedTogether(pools, requests);
    expect(outcomes.map((outcome) => eventOf(outcome)?.to)).toEqual(['declined', 'declined', 'declined']);
  } finally {
    await locked.query('rollback');
    locked.release();
  }
});

describe('one key', () => {
  test('the same id again is the same answer, and moves nothing', async () => {
    const request = aTransfer(all);
    const groupId = randomUUID();
    const first = await ledger.reserve(groupId, request);
    expect(await ledger.reserve(groupId, request)).toEqual({ ...first, balances: [] });
    expect((await balanceOf(pools, all.ada)).posted).toBe(9_900n);
  });

  test('one that was decided before stands first in a batch, and those after it get what is theirs', async () => {
    const before = aTransfer(accounts);
    const [first] = await reservedTogether(pools, [before]);
    const [refused, bank, book] = [aTransfer(accounts, { amount: '999999' }), toBank(accounts), aTransfer(accounts)];
    const outcomes = await reservedTogether(pools, [before, refused, bank, book]);
    expect(outcomes.map((outcome) => eventOf(outcome)?.to)).toEqual([
      first && eventOf(first)?.to,
      'declined',
      'submitting',
      'completed',
    ]);
    const { rows } = await pools.root.query(
      `select t.id, t.state, t.rail, t.refusal_code, t.entry_id is not null as posted, a.transfer_id is not null as attempted, h.transfer_id is not null as held
       from ledger.transfer t left join ledger.attempt a on a.transfer_id = t.id left join ledger.hold h on h.transfer_id = t.id
       where t.id = any($1) order by array_position($1, t.id)`,
      [[refused.id, bank.id, book.id]],
    );
    const nothing = { refusal_code: null, posted: false, attempted: false, held: false };
    expect(rows).toEqual([
      { ...nothing, id: refused.id, rail: 'book', state: 'declined', refusal_code: 'insufficient_funds' },
      { ...nothing, id: bank.id, rail: 'instant', state: 'submitting', attempted: true, held: true },
      { ...nothing, id: book.id, rail: 'book', state: 'completed', posted: true },
    ]);
  });

  test('another id with the same request replays the first', async () => {
    const request = toBank(all);
    const first = await ledger.reserve(randomUUID(), request);
    const second = await ledger.reserve(randomUUID(), { ...request, id: uuidV7() });
    expect(second).toMatchObject({
      result: 'replayed',
      transferId: request.id,
      event: eventOf(first),
      fingerprint: request.fingerprint,
    });
    expect((await balanceOf(pools, all.ada)).held).toBe(100n);
  });

  test('another request with it is answered whose it is', async () => {
    const first = aTransfer(all);
    await ledger.reserve(randomUUID(), first);
    const other = await ledger.reserve(randomUUID(), aTransfer(all, { key: first.key, amount: '200' }));
    expect(other).toMatchObject({ result: 'key_reused', conflict: { id: first.id } });
    expect((await balanceOf(pools, all.ada)).posted).toBe(9_900n);
  });

  test('that opened an account is refused, and names it', async () => {
    const request = aTransfer(all);
    const { key, fingerprint } = request;
    const id = await anAccount(pools, { tenantId: all.tenantId, idempotencyKey: { key, fingerprint } });
    expect(await ledger.reserve(randomUUID(), request)).toMatchObject({
      result: 'key_reused',
      conflict: { thing: 'account', id },
    });
    expect((await balanceOf(pools, all.ada)).posted).toBe(10_000n);
  });

  test('of another tenant is another key', async () => {
    const request = aTransfer(all);
    await ledger.reserve(randomUUID(), request);
    const other = await createAccounts(pools, ledger);
    expect(await ledger.reserve(randomUUID(), aTransfer(other, { key: request.key }))).toMatchObject({
      result: 'decided',
      event: { to: 'completed' },
    });
  });

  test('raced over two connections is decided once', async () => {
    const requests = Array.from({ length: 12 }, () => aTransfer(all, { key: 'race', fingerprint: 'a'.repeat(64) }));
    const outcomes = await Promise.all(requests.map((request) => reservedTogether(pools, [request])));
    const results = outcomes.flat();
    expect(results.filter(({ result }) => result === 'decided')).toHaveLength(1);
    expect(results.filter(({ result }) => result === 'replayed')).toHaveLength(11);
    expect(new Set(results.map((outcome) => 'transferId' in outcome && outcome.transferId)).size).toBe(1);
    expect((await balanceOf(pools, all.ada)).posted).toBe(9_900n);
  });

  test('in many concurrent calls of one process is decided once too', async () => {
    const same = () => aTransfer(all, { key: 'same', fingerprint: 'b'.repeat(64) });
    const results = await Promise.all(Array.from({ length: 20 }, () => ledger.reserve(randomUUID(), same())));
    expect(results.filter(({ result }) => result === 'decided')).toHaveLength(1);
    expect(new Set(results.map((outcome) => 'transferId' in outcome && outcome.transferId)).size).toBe(1);
  });
});

describe('an id that is not of this moment', () => {
  const made = (msAgo: number) => uuidV7({ msecs: Date.now() - msAgo });

  test.each([
    ['older than five minutes', 5 * 60_000 + 2_000, 'too_old'],
    ['a little younger', 4 * 60_000 + 50_000, 'decided'],
    ['ahead by half a minute', -30_000, 'decided'],
    ['ahead by more than one', -62_000, 'too_old'],
  ])('%s', async (_, msAgo, result) => {
    const request = aTransfer(all, { id: made(msAgo) });
    expect(await ledger.reserve(randomUUID(), request)).toMatchObject({ result });
    const { rowCount } = await pools.root.query(
      'select 1 from ledger.idempotency_key where tenant_id = $1 and key = $2',
      [all.tenantId, request.key],
    );
    expect(rowCount).toBe(result === 'decided' ? 1 : 0);
  });

  test('is answered all the same when its row or its key is there', async () => {
    const request = aTransfer(all);
    await ledger.reserve(randomUUID(), request);
    expect(await ledger.reserve(randomUUID(), { ...request, id: made(3_600_000) })).toMatchObject({
      result: 'replayed',
      transferId: request.id,
    });
  });
});

const bank = (w: AllAccounts): Partial<TransferRequest> => {
  const { rail, destinationAccountId, destinationBank } = toBank(w);
  return { rail, destinationAccountId, destinationBank };
};
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

test.each(['nestloop', 'hashjoin', 'mergejoin'])(
  'a batch is decided in its order, whatever plan joins it: with %s alone',
  async (only) => {
    const poor = await anAccount(pools, { tenantId: accounts.tenantId });
    const early = toBank(accounts, { sourceAccountId: poor });
    const deposit = aTransfer(accounts, { sourceAccountId: accounts.funding, destinationAccountId: poor });
    const late = toBank(accounts, { sourceAccountId: poor });
    const rows = [early, deposit, late].map((request) => toReserveRow({ groupId: randomUUID(), request }));
    const client = await pools.root.connect();
    try {
      const others = ['nestloop', 'hashjoin', 'mergejoin'].filter((join) => join !== only);
      await client.query(others.map((join) => `set enable_${join} = off`).join('; '));
      const { rows: answers } = await client.query<{ to: string }>(
        "select outcome #>> '{event,to}' as to from jsonb_array_elements(ledger.reserve($1) -> 'outcomes') outcome",
        [JSON.stringify(rows)],
      );
      expect(answers.map(({ to }) => to)).toEqual(['declined', 'completed', 'submitting']);
    } finally {
      // With its settings.
      client.release(true);
    }
  },
);
