import { beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { postingsPerPart, type StatementFacts } from '../../domain/statement.ts';
import { anAccount, aTransfer, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aLeg, anEntry, aReversal } from '../../test/support/fixtures/entries.ts';
import { aHold, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import {
  beginAt,
  closeMonth,
  cutMonth,
  endMonth,
  made,
  makeAll,
  setQuiet,
  takeAll,
} from '../../test/support/fixtures/statements.ts';
import { writeEntries } from '../../test/support/fixtures/written-postings.ts';
import { postEntries } from '../entries/post-entries.ts';
import { statementPostings } from '../worker-reads/statement-postings.ts';
import { changeStatementPlan } from './change-plan.ts';
import { putOffStatement } from './put-off.ts';
import { reissueStatement } from './reissue.ts';
import { storeStatement } from './store.ts';

// Postings of one test are written in a set, without what made them.
const { pools, ledger } = freshLedger({ mayViolate: ['batches', 'causes', 'totals'] });
const accounts = freshAccounts({ pools, ledger });
beforeEach(() => setQuiet(pools, accounts));
const holds = holdsOf(pools);

const move = (overrides: object = {}) => ledger.reserve(uuidV7(), aTransfer(accounts, overrides));
const none = async () => {};

/** The statements of the tenant that are made now, by the account. */
async function statements(month: string | null): Promise<Map<string, StatementFacts>> {
  const ready = await makeAll(pools, { tenantId: accounts.tenantId, month });
  return new Map([...ready.values()].map((facts) => [facts.accountId, facts]));
}

async function postingsOf(facts: StatementFacts | undefined) {
  const page = { tenantId: accounts.tenantId, statementId: facts?.id ?? '', after: null, limit: 100 };
  return await statementPostings(pools.worker, page);
}

test('a month: what was there, what came and went, and what is left', async () => {
  await move({ amount: '2500', description: 'Rent', reference: 'R-1' });
  const month = await endMonth(pools, accounts);
  const facts = (await statements(month)).get(accounts.ada);
  expect(facts).toMatchObject({
    ...{ kind: 'monthly', number: 1, edition: 1, month, zone: 'UTC', locale: 'en-GB' },
    account: { name: 'Ada', reference: null, currency: 'USD' },
    brand: { name: 'Analytical Engines', address: [], inquiry: 'Analytical Engines', accent: '#1f2937' },
    ...{ opening: 0n, closing: 7_500n, fromSeq: 0n, toSeq: 2n, held: 0n },
    ...{ moneyIn: { count: 1, amount: 10_000n }, moneyOut: { count: 1, amount: 2_500n } },
    late: { count: 0, amount: 0n },
  });
  expect(await postingsOf(facts)).toMatchObject([
    { seq: 1n, amount: 10_000n, balanceAfter: 10_000n, counterparty: 'Outside', isLate: false },
    { seq: 2n, amount: -2_500n, balanceAfter: 7_500n, text: 'Rent', reference: 'R-1', counterparty: 'Grace' },
  ]);
  expect(await closeMonth(pools, { tenantId: accounts.tenantId, month })).toEqual({ status: 'closed', statements: 3 });
});

test('the next one begins where it ended, whatever was posted between its end and its cut', async () => {
  const first = await endMonth(pools, accounts);
  const one = (await statements(first)).get(accounts.ada);
  await move();
  const next = (await statements(await endMonth(pools, accounts))).get(accounts.ada);
  expect(next).toMatchObject({ number: 2, fromAt: one?.toAt, fromSeq: one?.toSeq, opening: one?.closing, toSeq: 2n });
});

test('an entry that is dated back stays in its sequence, and is counted as late', async () => {
  await endMonth(pools, accounts);
  const { ada, grace } = accounts;
  const late = anEntry(accounts, [aLeg(ada, grace, 300)], { effectiveAt: '2026-01-15T12:00:00Z' });
  await postEntries(pools.api, [late], none);
  await move();
  const facts = (await statements(await endMonth(pools, accounts))).get(ada);
  expect(facts).toMatchObject({ late: { count: 1, amount: -300n }, moneyOut: { count: 2, amount: 400n } });
  expect(await postingsOf(facts)).toMatchObject([
    { seq: 2n, isLate: true, valueAt: '2026-01-15T12:00:00.000+00:00' },
    { seq: 3n, isLate: false },
  ]);
});

test('a correction shows both: the entry, and the one that undoes it, which names it', async () => {
  const { ada, grace } = accounts;
  const wrong = anEntry(accounts, [aLeg(ada, grace, 300)], { description: 'Fee' });
  const undoing = aReversal(accounts, wrong.id);
  for (const one of [wrong, undoing]) await postEntries(pools.api, [one], none);
  const facts = (await statements(await endMonth(pools, accounts))).get(ada);
  expect((await postingsOf(facts)).slice(1)).toMatchObject([
    { amount: -300n, text: 'Fee', entryId: wrong.id, reverses: null },
    { amount: 300n, entryId: undoing.id, reverses: wrong.id },
  ]);
});

test('a wrong name is a new edition: the same number and figures, and the old one stays', async () => {
  const { tenantId, ada } = accounts;
  const month = await endMonth(pools, accounts);
  const before = (await statements(month)).get(ada);
  const brand = { name: 'Engines', address: ['1 Mill Lane'], inquiry: 'help@engines.example', accent: '#0000aa' };
  await changeStatementPlan(pools.api, { tenantId, actor: 'test', brand });
  const id = before?.id ?? '';
  const reissued = await reissueStatement(pools.root, { id, actor: 'test' });
  // Again, while it is not ready: the same.
  expect(await reissueStatement(pools.root, { id, actor: 'test' })).toEqual(reissued);
  const edition = (await statements(null)).get(ada);
  expect(edition).toEqual({ ...before, id: edition?.id, edition: 2, brand, issuedAt: edition?.issuedAt });
  expect(await reissueStatement(pools.root, { id, actor: 'test' })).toMatchObject({ refusal: { code: 'replaced' } });
  expect(await postingsOf(edition)).toEqual(await postingsOf(before));
  // The chain goes on behind both.
  await move();
  const next = (await statements(await endMonth(pools, accounts))).get(ada);
  expect(next).toMatchObject({ number: 2, opening: before?.closing });
});

test('an account that is closed gets its final statement in that commit, and none at the end of the month', async () => {
  const { tenantId, ada, grace } = accounts;
  await endMonth(pools, accounts);
  await move({ amount: '700' });
  await move({ sourceAccountId: grace, destinationAccountId: ada, amount: '700' });
  expect((await setStatus(pools, { id: grace, tenantId, status: 'closed' })).ok).toBe(true);
  const final = (await statements(null)).get(grace);
  // It had none before: nothing was posted in the month before.
  expect(final).toMatchObject({ kind: 'final', number: 1, opening: 0n, closing: 0n, fromSeq: 0n, toSeq: 2n });
  expect(final?.month).toMatch(/^\d{4}-\d{2}$/);
  const month = await endMonth(pools, accounts);
  expect((await statements(month)).has(grace)).toBe(false);
  expect(await closeMonth(pools, { tenantId, month })).toMatchObject({ status: 'closed' });
});

test('a refused closing leaves no statement', async () => {
  const { tenantId, ada } = accounts;
  expect((await setStatus(pools, { id: ada, tenantId, status: 'closed' })).ok).toBe(false);
  expect(await statements(null)).toEqual(new Map());
});

test('an account that was opened in the month begins with nothing, at the first instant of the month', async () => {
  const first = await endMonth(pools, accounts);
  const ended = (await statements(first)).get(accounts.ada);
  const late = await anAccount(pools, { tenantId: accounts.tenantId, name: 'Late' });
  await move({ destinationAccountId: late });
  const facts = (await statements(await endMonth(pools, accounts))).get(late);
  expect(facts).toMatchObject({ number: 1, opening: 0n, closing: 100n, fromAt: ended?.toAt });
});

describe('an account on which nothing is posted', () => {
  const months = async (quiet: 'monthly' | 'quarterly' | 'skipped') => {
    const { tenantId } = accounts;
    await beginAt(pools, { tenantId, month: '2026-01', quiet });
    const quietOne = await anAccount(pools, { tenantId, name: 'Quiet' });
    const got: (string | undefined)[] = [];
    let last: StatementFacts | undefined;
    for (let n = 0; n < 4; n += 1) {
      // Over by its zone, and long ago; accounts are opened in it all the same.
      await pools.root.query('update ledger.statement_plan set next_to_at = clock_timestamp() where tenant_id = $1', [
        tenantId,
      ]);
      last = (await statements(await endMonth(pools, accounts))).get(quietOne);
      got.push(last?.month ?? undefined);
      await pools.root.query('update ledger.statement_plan set next_month = $2 where tenant_id = $1', [
        tenantId,
        ['2026-02', '2026-03', '2026-04', '2026-05'][n],
      ]);
    }
    return { got, last, quietOne };
  };

  test('monthly: one that says so', async () => {
    expect((await months('monthly')).got).toEqual(['2026-01', '2026-02', '2026-03', '2026-04']);
  });
  test('quarterly: one at the end of the quarter', async () => {
    expect((await months('quarterly')).got).toEqual([undefined, undefined, '2026-03', undefined]);
  });
  test('skipped: none, until something is posted; that one covers the months without', async () => {
    const { got, quietOne } = await months('skipped');
    expect(got).toEqual([undefined, undefined, undefined, undefined]);
    await move({ destinationAccountId: quietOne });
    const facts = (await statements(await endMonth(pools, accounts))).get(quietOne);
    expect(facts).toMatchObject({ number: 1, closing: 100n, fromAt: '2026-01-01T00:00:00.000+00:00' });
  });
});

test('a frozen account gets its statement as any other', async () => {
  const { tenantId, ada } = accounts;
  await setStatus(pools, { id: ada, tenantId, status: 'frozen' });
  expect((await statements(await endMonth(pools, accounts))).get(ada)).toMatchObject({ closing: 10_000n });
});

test('an overdrawn account closes below zero', async () => {
  const { tenantId } = accounts;
  const id = await anAccount(pools, { tenantId, name: 'Overdrawn', overdraftLimit: '5000' });
  await move({ sourceAccountId: id, destinationAccountId: accounts.grace, amount: '1200' });
  const facts = (await statements(await endMonth(pools, accounts))).get(id);
  expect(facts).toMatchObject({ closing: -1_200n, moneyOut: { count: 1, amount: 1_200n } });
});

test('what is held is said beside, and is part of no sum', async () => {
  await holds.create(aHold(accounts, { amount: '4000' }));
  expect((await statements(await endMonth(pools, accounts))).get(accounts.ada)).toMatchObject({
    ...{ held: 4_000n, closing: 10_000n, moneyOut: { count: 0, amount: 0n } },
  });
});

test("the platform's own accounts have none", async () => {
  const found = await statements(await endMonth(pools, accounts));
  expect([...found.values()].map(({ account }) => account.name).toSorted()).toEqual(['Ada', 'Outside']);
});

test('more postings than a document may have are parts, and are summed over several looks', async () => {
  const { tenantId, ada, funding } = accounts;
  const entries = Array.from({ length: 5_000 }, () => ({ at: new Date(), debit: funding, credit: ada, amount: 1n }));
  await writeEntries(pools, tenantId, entries);
  const month = await endMonth(pools, accounts);
  const client = await pools.root.connect();
  try {
    await client.query('set search_path = ledger');
    const summing = `select sum_statements(array_agg(id), 2000) as unsound from statement where account_id = '${ada}'`;
    for (const unsound of [[], []]) expect((await client.query(summing)).rows).toEqual([{ unsound }]);
    const { rows } = await client.query('select summed_seq, summed_balance from statement where account_id = $1', [
      ada,
    ]);
    expect(rows).toEqual([{ summed_seq: '4000', summed_balance: '13999' }]);
  } finally {
    client.release(true);
  }
  const taken = await takeAll(pools, { tenantId, month });
  const big = taken.find(({ facts }) => facts.accountId === ada);
  expect(big?.parts).toBe(Math.ceil(5_001 / postingsPerPart));
  expect(big?.facts).toMatchObject({ moneyIn: { count: 5_001, amount: 15_000n }, closing: 15_000n });
});

test('a month that is cut again gets nothing twice, and what is ready stays', async () => {
  const { tenantId } = accounts;
  const month = await endMonth(pools, accounts);
  const before = await statements(month);
  expect(before.size).toBe(2);
  expect(await cutMonth(pools, { tenantId, month })).toBe(0);
  // Closing it cuts every page once more.
  expect(await closeMonth(pools, { tenantId, month })).toEqual({ status: 'closed', statements: 2 });
  expect(await statements(month)).toEqual(new Map());
});

test('one that can never be stored becomes its next edition, under other keys, and its month is closed', async () => {
  const { tenantId } = accounts;
  const month = await endMonth(pools, accounts);
  const [first, ...others] = await takeAll(pools, { tenantId, month });
  for (const one of others) await storeStatement(pools.worker, made(one), none);
  let taken = first;
  for (let tries = 1; tries <= 5 && taken; tries += 1) {
    const { lease, facts } = taken;
    const put = await putOffStatement(pools.worker, { id: facts.id, lease, reason: 'conflict', inMs: 0 });
    expect(put).toEqual({ tries, isAttention: tries === 5 });
    if (tries < 5) [taken] = await takeAll(pools, { tenantId, month });
  }
  expect(await closeMonth(pools, { tenantId, month })).toEqual({ status: 'open', left: 1, attention: 1 });
  const id = first?.facts.id ?? '';
  expect(await reissueStatement(pools.root, { id, actor: 'test' })).toEqual({ ok: true, value: { id } });
  const [again] = await takeAll(pools, { tenantId, month: null });
  expect(again).toMatchObject({ facts: { id, edition: 2, number: 1 }, replacesId: null, tries: 0 });
  if (again) expect(await storeStatement(pools.worker, made(again), none)).toBe('stored');
  expect(await closeMonth(pools, { tenantId, month })).toEqual({ status: 'closed', statements: 2 });
});
