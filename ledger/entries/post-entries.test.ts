import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { Leg } from '../../domain/entry.ts';
import { type Accounts, anAccount, createAccounts, setStatus, toBank } from '../../test/support/fixtures/accounts.ts';
import { aLeg, anEntry, aReversal } from '../../test/support/fixtures/entries.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { type EntryCommand, type EntryOutcome, postEntries } from './post-entries.ts';
import { createEntryPoster } from './poster.ts';

const own = freshLedger();
const { pools, ledger } = own;
const accounts = freshAccounts(own);
let other: Accounts;
beforeAll(async () => {
  other = await createAccounts(pools, ledger);
});

const post = async (...commands: EntryCommand[]): Promise<EntryOutcome[]> =>
  await postEntries(pools.api, commands, async () => {});
const refusalOf = (outcome: EntryOutcome | undefined) =>
  outcome?.result === 'decided' || outcome?.result === 'replayed'
    ? (outcome.refusal?.code ?? 'posted')
    : outcome?.result;
const entryOf = (outcome: EntryOutcome | undefined): string =>
  (outcome && 'entryId' in outcome && outcome.entryId) || '';
const available = async (id: string): Promise<bigint> => {
  const { rows } = await pools.root.query<{ posted: string }>(
    'select (normal * (credit_posted - debit_posted))::text as posted from ledger.balance where account_id = $1',
    [id],
  );
  return BigInt(rows[0]?.posted ?? 'none');
};
const platformAccount = async (kind: string): Promise<string> => {
  const { rows } = await pools.root.query<{ id: string }>(
    "select id from ledger.account where tenant_id = $1 and kind = $2 and currency = 'USD'",
    [accounts.tenantId, kind],
  );
  return rows[0]?.id ?? '';
};

test('legs of one entry are posted in one commit, a fee among them, and each account has its sequence', async () => {
  const fees = await platformAccount('fees');
  const legs = [aLeg(accounts.ada, accounts.grace, 900), aLeg(accounts.ada, fees, 25)];
  const [outcome] = await post(anEntry(accounts, legs, { metadata: { why: 'lunch' } }));
  expect(refusalOf(outcome)).toBe('posted');
  expect([await available(accounts.ada), await available(accounts.grace), await available(fees)]).toEqual([
    9_075n,
    900n,
    25n,
  ]);
  const { rows } = await pools.root.query(
    'select leg, side, seq, balance_after from ledger.posting where entry_id = $1 and account_id = $2 order by seq',
    [entryOf(outcome), accounts.ada],
  );
  expect(rows).toEqual([
    { leg: 1, side: 'debit', seq: '2', balance_after: '9100' },
    { leg: 2, side: 'debit', seq: '3', balance_after: '9075' },
  ]);
});

test('the floor of an account holds for all legs of an entry together, in whatever order they stand', async () => {
  const legs = [aLeg(accounts.grace, accounts.ada, 500), aLeg(accounts.funding, accounts.grace, 500)];
  expect(refusalOf((await post(anEntry(accounts, legs)))[0])).toBe('posted');
  const short = [aLeg(accounts.funding, accounts.grace, 499), aLeg(accounts.grace, accounts.ada, 500)];
  const [refused] = await post(anEntry(accounts, short));
  expect(refused).toMatchObject({ result: 'decided', refusal: { code: 'insufficient_funds', leg: 1 } });
  expect(await available(accounts.grace)).toBe(0n);
});

test('fees that were earned may be given back, and no more: they have no other money', async () => {
  const fees = await platformAccount('fees');
  await post(anEntry(accounts, [aLeg(accounts.ada, fees, 25)]));
  const [refused] = await post(anEntry(accounts, [aLeg(fees, accounts.grace, 26)]));
  expect(refused).toMatchObject({ result: 'decided', refusal: { code: 'insufficient_funds', leg: 1 } });
  expect(refusalOf((await post(anEntry(accounts, [aLeg(fees, accounts.ada, 25)])))[0])).toBe('posted');
  await expect(
    pools.root.query('update ledger.balance set debit_posted = debit_posted + 1 where account_id = $1', [fees]),
  ).rejects.toThrow('never_overdrawn');
});

describe('a refusal names the leg, writes no entry, and leaves the others of its batch alone', () => {
  const tooMuch = 999_999_999_999_999_999n;
  test.each<[string, string, number | null, () => Leg[] | Promise<Leg[]>]>([
    ['an account that is not there', 'account_not_found', 1, () => [aLeg(accounts.ada, uuidV7())]],
    [
      "another tenant's account",
      'account_not_found',
      2,
      () => [aLeg(accounts.ada, accounts.grace), aLeg(other.ada, accounts.ada)],
    ],
    ['one account on both sides', 'same_account', 1, () => [aLeg(accounts.ada, accounts.ada)]],
    ['the clearing account of a rail', 'account_kind_not_allowed', 1, () => [aLeg(accounts.ada, accounts.clearing)]],
    ['the suspense account', 'account_kind_not_allowed', 1, () => [aLeg(accounts.suspense, accounts.ada)]],
    ['another currency', 'currency_mismatch', 1, () => [{ ...aLeg(accounts.ada, accounts.grace), currency: 'EUR' }]],
    [
      'an account of another currency',
      'currency_mismatch',
      1,
      async () => [aLeg(accounts.ada, await anAccount(pools, { tenantId: accounts.tenantId, currency: 'EUR' }))],
    ],
    [
      'a frozen account',
      'account_frozen',
      1,
      async () => {
        await setStatus(pools, { id: accounts.grace, tenantId: accounts.tenantId, status: 'frozen' });
        return [aLeg(accounts.ada, accounts.grace)];
      },
    ],
    [
      'a closed account',
      'account_closed',
      1,
      async () => {
        await setStatus(pools, { id: accounts.grace, tenantId: accounts.tenantId, status: 'closed' });
        return [aLeg(accounts.ada, accounts.grace)];
      },
    ],
    ['more than there is', 'insufficient_funds', 1, () => [aLeg(accounts.ada, accounts.grace, 10_001)]],
    [
      'sums beyond every counter',
      'amount_too_large',
      1,
      () => Array.from({ length: 100 }, () => aLeg(accounts.funding, accounts.grace, tooMuch)),
    ],
  ])('%s', async (_, code, leg, legs) => {
    const bad = anEntry(accounts, await legs());
    const good = anEntry(other, [aLeg(other.ada, other.grace, 1)]);
    const [refused, posted] = await post(bad, good);
    expect(refused).toMatchObject({ result: 'decided', refusal: { code, leg } });
    expect(refusalOf(posted)).toBe('posted');
    const { rows } = await pools.root.query('select from ledger.entry where id = $1', [entryOf(refused)]);
    expect(rows).toHaveLength(0);
    expect(await available(accounts.ada)).toBe(10_000n);
  });
});

test('what one entry of a batch takes, the next finds taken', async () => {
  const all = () => anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 10_000)]);
  expect((await post(all(), all())).map(refusalOf)).toEqual(['posted', 'insufficient_funds']);
});

test('what is held is not there to be taken', async () => {
  await ledger.reserve(uuidV7(), toBank(accounts, { amount: '9000' }));
  expect(refusalOf((await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 1_001)])))[0])).toBe(
    'insufficient_funds',
  );
  expect(refusalOf((await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 1_000)])))[0])).toBe('posted');
});

test('a key is decided once, posted or refused: again, by another request, and by another verb', async () => {
  const command = anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 1)]);
  const [first] = await post(command);
  expect(await post(command)).toEqual([{ ...first, balances: [] }]);
  const again = { ...command, id: uuidV7() };
  expect(await post(again)).toEqual([{ ...first, result: 'replayed', balances: [] }]);
  expect(await post({ ...again, fingerprint: 'cd'.repeat(32) })).toEqual([
    { result: 'key_reused', conflict: { thing: 'entry', id: entryOf(first) } },
  ]);
  const poor = anEntry(accounts, [aLeg(accounts.grace, accounts.ada, 5_000)]);
  expect(refusalOf((await post(poor))[0])).toBe('insufficient_funds');
  await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 6_000)]));
  expect((await post({ ...poor, id: uuidV7() })).map(refusalOf)).toEqual(['insufficient_funds']);
  // A refused entry is not there.
  expect(await post({ ...poor, id: uuidV7(), fingerprint: 'cd'.repeat(32) })).toEqual([
    { result: 'key_reused', conflict: null },
  ]);
});

test('an id that is not of this moment is not stored, and its key stays free', async () => {
  const late = anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 1)], {
    id: uuidV7({ msecs: Date.now() - 301_000 }),
  });
  expect(await post(late)).toEqual([{ result: 'too_old' }]);
  expect((await post({ ...late, id: uuidV7() })).map(refusalOf)).toEqual(['posted']);
});

describe('reversal', () => {
  test('turns the legs, once: fifty at a time under keys of their own make one', async () => {
    const poster = createEntryPoster({ pool: pools.api, onCommit: async () => {} });
    const made = await poster.post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 300)]));
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => poster.post(aReversal(accounts, entryOf(made)))),
    );
    const codes = outcomes.map(refusalOf);
    expect(codes.filter((code) => code === 'posted')).toHaveLength(1);
    expect(codes.filter((code) => code === 'already_reversed')).toHaveLength(49);
    expect(await available(accounts.ada)).toBe(10_000n);
  });

  test('side by side in batches of their own, one wins', async () => {
    const [made] = await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 300)]));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => post(aReversal(accounts, entryOf(made)))));
    expect(outcomes.flat().map(refusalOf).toSorted()).toEqual([...Array(7).fill('already_reversed'), 'posted']);
  });

  test('is not for a reversal, nor for the entry of a transfer, nor for what the tenant does not have', async () => {
    const [made] = await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 300)]));
    const [reversal] = await post(aReversal(accounts, entryOf(made)));
    expect((await post(aReversal(accounts, entryOf(reversal)))).map(refusalOf)).toEqual(['not_reversible']);
    const { rows } = await pools.root.query<{ entry_id: string }>(
      'select entry_id from ledger.transfer where tenant_id = $1 and entry_id is not null',
      [accounts.tenantId],
    );
    expect((await post(aReversal(accounts, rows[0]?.entry_id ?? ''))).map(refusalOf)).toEqual(['belongs_to_transfer']);
    const foreign = aReversal(other, entryOf(made));
    expect(await post(foreign)).toEqual([{ result: 'not_found' }]);
    expect(
      (await post(anEntry(other, [aLeg(other.ada, other.grace, 1)], { key: foreign.key }))).map(refusalOf),
    ).toEqual(['posted']);
  });

  test('is refused as a whole when the money is gone, and is tried again under a new key', async () => {
    const [made] = await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 300)]));
    await post(anEntry(accounts, [aLeg(accounts.grace, accounts.ada, 1)]));
    expect((await post(aReversal(accounts, entryOf(made)))).map(refusalOf)).toEqual(['insufficient_funds']);
    await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 1)]));
    expect((await post(aReversal(accounts, entryOf(made)))).map(refusalOf)).toEqual(['posted']);
  });

  test('is refused a second time by the database too', async () => {
    const [made] = await post(anEntry(accounts, [aLeg(accounts.ada, accounts.grace, 300)]));
    await post(aReversal(accounts, entryOf(made)));
    const again = `insert into ledger.entry_request (id, tenant_id, reverses_id, created_at)
      values (gen_random_uuid(), $1, $2, now())`;
    await expect(pools.root.query(again, [accounts.tenantId, entryOf(made)])).rejects.toMatchObject({ code: '23505' });
  });
});

test('two hundred random entries leave every account as a small model of them has it', async () => {
  const ids = [accounts.ada, accounts.grace, accounts.funding, await anAccount(pools, { tenantId: accounts.tenantId })];
  const model = new Map(ids.map((id) => [id, id === accounts.ada ? 10_000 : 0]));
  // What a funding account has grows on the debit side, and has no floor.
  model.set(accounts.funding, 10_000);
  const sign = (id: string) => (id === accounts.funding ? -1 : 1);
  const pick = () => ids[randomInt(ids.length)] ?? '';
  const differences: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const commands = Array.from({ length: 10 }, () =>
      anEntry(
        accounts,
        Array.from({ length: randomInt(1, 6) }, () => aLeg(pick(), pick(), randomInt(1, 3_000))),
      ),
    );
    const outcomes = await post(...commands);
    for (const [i, { legs }] of commands.entries()) {
      const next = new Map(model);
      for (const { debitAccountId: debit, creditAccountId: credit, amount } of legs ?? []) {
        next.set(debit, (next.get(debit) ?? 0) - sign(debit) * Number(amount));
        next.set(credit, (next.get(credit) ?? 0) + sign(credit) * Number(amount));
      }
      const expected = legs?.some((leg) => leg.debitAccountId === leg.creditAccountId)
        ? 'same_account'
        : ids.some((id) => id !== accounts.funding && (next.get(id) ?? 0) < 0)
          ? 'insufficient_funds'
          : 'posted';
      if (refusalOf(outcomes[i]) !== expected)
        differences.push(`${JSON.stringify(legs)}: ${refusalOf(outcomes[i])}, the model says ${expected}`);
      if (expected === 'posted') for (const [id, amount] of next) model.set(id, amount);
    }
  }
  expect(differences).toEqual([]);
  for (const id of ids) expect([id, await available(id)]).toEqual([id, BigInt(model.get(id) ?? 0)]);
});

test('an entry is found by its id in the partition of its month, a transfer’s too', async () => {
  const { rows } = await pools.root.query<{ at: Date; found: Date }>(
    'select created_at as at, ledger.entry_time(id) as found from ledger.entry',
  );
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter(({ at, found }) => at.getTime() !== found.getTime())).toEqual([]);
});
