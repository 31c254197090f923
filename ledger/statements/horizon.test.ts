import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { readSources } from '../../drizzle/sources/tree.ts';
import { anAccount, aTransfer, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aLeg, anEntry } from '../../test/support/fixtures/entries.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { closeMonth, cutMonth, endMonth, makeAll, setQuiet } from '../../test/support/fixtures/statements.ts';
import { read, root } from '../../test/support/tree.ts';
import { toEntryRow } from '../entries/post-entries.ts';
import { cutStatements } from './cut.ts';
import { endStatementMonth } from './end-month.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
beforeEach(() => setQuiet(pools, accounts));

test('a commit that has a time of the month and ends after it is waited for, and is on its statement', async () => {
  const { tenantId, ada, grace } = accounts;
  const client = await pools.root.connect();
  try {
    await client.query('begin');
    // It has its time, and is not committed.
    await client.query('select ledger.post_entries($1)', [
      JSON.stringify([toEntryRow(anEntry(accounts, [aLeg(ada, grace, 42)]))]),
    ]);
    const ended = await endStatementMonth(pools.root, { tenantId, actor: 'test' });
    const month = ended.ok ? ended.value.month : '';
    const page = { tenantId, month, after: null, limit: 1_000 };
    for (let looks = 0; looks < 5; looks += 1) {
      expect(await cutStatements(pools.worker, page)).toMatchObject({ status: 'waiting' });
    }
    await client.query('commit');
    expect(await cutMonth(pools, { tenantId, month })).toBe(3);
    const facts = [...(await makeAll(pools, { tenantId, month })).values()].find(({ accountId }) => accountId === ada);
    expect(facts).toMatchObject({ closing: 9_958n, late: { count: 0 } });
  } finally {
    client.release(true);
  }
});

test('a commit that has a number behind the last that ended is waited for too', async () => {
  const { tenantId } = accounts;
  const ended = await endStatementMonth(pools.root, { tenantId, actor: 'test' });
  const page = { tenantId, month: ended.ok ? ended.value.month : '', after: null, limit: 1_000 };
  const client = await pools.root.connect();
  try {
    // Nothing that took a number later has ended, so a snapshot calls this number the next one.
    await client.query('begin; select pg_current_xact_id()');
    for (let looks = 0; looks < 5; looks += 1)
      expect(await cutStatements(pools.worker, page)).toMatchObject({ status: 'waiting' });
    await client.query('rollback');
    await cutMonth(pools, page);
  } finally {
    client.release(true);
  }
});

test('every verb locks the accounts before it takes the time that it writes', () => {
  const takers = readSources(root)
    .map(({ path }) => path)
    .filter((path) => /(?<!function ledger\.)\bcommit_time\(/.test(codeOf(path)));
  expect(takers.length).toBeGreaterThanOrEqual(5);
  for (const path of takers) {
    const code = codeOf(path);
    const [locked, timed] = [code.search(/\block_accounts\(/), code.search(/\bcommit_time\(/)];
    expect([path, locked >= 0 && locked < timed]).toEqual([path, true]);
  }
  // And nobody else writes a posting: its time is an argument of what the takers call.
  const writers = readSources(root).filter(({ path }) => /insert into posting\b/.test(codeOf(path)));
  expect(writers.map(({ path }) => path)).toEqual(['ledger/commit/write-postings.sql']);
});

const codeOf = (path: string): string => read(path).replaceAll(/--.*$/gm, '');

test('a later month is not cut before an earlier one is', async () => {
  const { tenantId } = accounts;
  const months = [];
  for (let n = 0; n < 2; n += 1) {
    const ended = await endStatementMonth(pools.root, { tenantId, actor: 'test' });
    months.push(ended.ok ? ended.value.month : '');
    // The next one ends at another millisecond.
    await ledger.reserve(uuidV7(), aTransfer(accounts));
  }
  const [first = '', second = ''] = months;
  const page = { tenantId, month: second, after: null, limit: 1_000 };
  for (let looks = 0; looks < 3; looks += 1) {
    expect(await cutStatements(pools.worker, page)).toMatchObject({ status: 'waiting' });
  }
  await cutMonth(pools, { tenantId, month: first });
  expect(await cutMonth(pools, { tenantId, month: second })).toBe(2);
});

test('an account whose opening is committed behind the cut gets its statement when the month is closed', async () => {
  const { tenantId } = accounts;
  await setQuiet(pools, accounts, 'monthly');
  const month = await endMonth(pools, accounts);
  await makeAll(pools, { tenantId, month });
  // As if it had waited for its key that long.
  const late = await anAccount(pools, { tenantId, name: 'Late' });
  await pools.root.query(
    `with moved as (update ledger.account set created_at = created_at - interval '1 minute' where id = $1 returning created_at)
     select from moved`,
    [late],
  );
  expect(await closeMonth(pools, { tenantId, month })).toEqual({ status: 'open', left: 1, attention: 0 });
  const made = await makeAll(pools, { tenantId, month });
  expect([...made.values()].map(({ account }) => account.name)).toEqual(['Late']);
  expect(await closeMonth(pools, { tenantId, month })).toEqual({ status: 'closed', statements: 4 });
});

test('an account that is closed while its month is cut has one chain, in either order', async () => {
  const { tenantId, ada } = accounts;
  for (let round = 0; round < 30; round += 1) {
    const id = await anAccount(pools, { tenantId, name: 'Brief' });
    await ledger.reserve(uuidV7(), aTransfer(accounts, { destinationAccountId: id }));
    await ledger.reserve(uuidV7(), aTransfer(accounts, { sourceAccountId: id, destinationAccountId: ada }));
    const ended = await endStatementMonth(pools.root, { tenantId, actor: 'test' });
    const month = ended.ok ? ended.value.month : '';
    const [closed] = await Promise.all([
      setStatus(pools, { id, tenantId, status: 'closed' }),
      cutMonth(pools, { tenantId, month }),
    ]);
    expect(closed.ok).toBe(true);
    const { rows } = await pools.root.query<{ kind: string; number: number; from_seq: string; to_seq: string }>(
      'select kind, number, from_seq, to_seq from ledger.statement where account_id = $1 order by number',
      [id],
    );
    expect(rows.at(-1)).toMatchObject({ kind: 'final', number: rows.length, to_seq: '2' });
    expect(rows[0]).toMatchObject({ from_seq: '0' });
  }
});
