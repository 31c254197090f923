import { expect, test } from '@jest/globals';
import { anAccount } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { endMonth, made, makeAll, setQuiet, takeAll } from '../../test/support/fixtures/statements.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { statementProgress } from '../worker-reads/statement-runs.ts';
import { putOffStatement } from './put-off.ts';
import { setStatementPace } from './set-pace.ts';
import { storeStatement } from './store.ts';
import { takeStatements } from './take.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const none = async () => {};

/** A month with so many statements to make. */
async function monthOf(count: number): Promise<{ tenantId: string; month: string }> {
  const { tenantId } = accounts;
  await setQuiet(pools, accounts, 'monthly');
  for (let n = 3; n < count; n += 1) await anAccount(pools, { tenantId, name: `Account ${n}` });
  return { tenantId, month: await endMonth(pools, accounts) };
}
const take = (run: { tenantId: string; month: string | null }, limit = 10, leaseMs = 60_000) =>
  takeStatements(pools.worker, { ...run, limit, leaseMs });

test('makers side by side get each statement once, until its lease is over', async () => {
  const run = await monthOf(40);
  const lanes = await Promise.all(Array.from({ length: 4 }, () => take(run)));
  const ids = lanes.flatMap(({ taken }) => taken.map(({ facts }) => facts.id));
  expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
  const { taken, left, waitMs } = await take(run);
  expect([taken, left]).toEqual([[], 40]);
  expect(waitMs).toBeGreaterThan(30_000);
  await pools.root.query('update ledger.statement set due_at = now() where id = $1', [ids[0]]);
  expect((await take(run)).taken.map(({ facts }) => facts.id)).toEqual([ids[0]]);
});

test('nothing is left: there is nothing to wait for', async () => {
  const run = await monthOf(3);
  expect((await makeAll(pools, run)).size).toBe(3);
  expect(await take(run)).toEqual({ taken: [], left: 0, waitMs: null });
  expect(await statementProgress(pools.worker, run)).toEqual({
    ...{ status: 'making', accounts: 3, ready: 3, attention: 0, pace: null },
  });
});

test('what is put off waits behind the others, has attention from the fifth time on, and heals', async () => {
  const run = await monthOf(3);
  const [first] = (await take(run, 1)).taken;
  if (!first) throw new Error('nothing was taken');
  const { id } = first.facts;
  const putOff = (lease: string, inMs = 0) => putOffStatement(pools.worker, { id, lease, reason: 'store_away', inMs });
  expect(await putOff(first.lease, 60_000)).toEqual({ tries: 1, isAttention: false });
  // Twice: the lease is gone with it.
  expect(await putOff(first.lease)).toEqual({ tries: 1, isAttention: false });
  const others = (await take(run)).taken.map(({ facts }) => facts.id);
  expect([others.length, others.includes(id)]).toEqual([2, false]);
  for (let tries = 2; tries <= 5; tries += 1) {
    await pools.root.query('update ledger.statement set due_at = now() where id = $1', [id]);
    const [again] = (await take(run)).taken;
    expect(again).toMatchObject({ facts: { id }, tries: tries - 1 });
    expect(await putOff(again?.lease ?? '')).toEqual({ tries, isAttention: tries === 5 });
  }
  expect(await statementProgress(pools.worker, run)).toMatchObject({ ready: 0, attention: 1 });
  const [healed] = (await take(run)).taken;
  if (healed) expect(await storeStatement(pools.worker, made(healed), none)).toBe('stored');
  expect(await statementProgress(pools.worker, run)).toMatchObject({ ready: 1, attention: 0 });
});

test('a wait that a wrong clock wrote is over', async () => {
  const run = await monthOf(3);
  await pools.root.query("update ledger.statement set due_at = now() + interval '40 days' where tenant_id = $1", [
    run.tenantId,
  ]);
  expect((await take(run)).taken).toHaveLength(3);
});

test('a pace is kept over all makers: paused, so many a minute, and free again', async () => {
  const run = await monthOf(30);
  const pace = (n: number | null) => setStatementPace(pools.api, { ...run, pace: n, actor: 'test' });
  expect(await pace(0)).toBe(true);
  const paused = await take(run);
  expect([paused.taken.length, paused.left]).toEqual([0, 30]);
  expect(paused.waitMs).toBeGreaterThan(30_000);
  // One a second: what nobody took is not saved up.
  await pace(60);
  expect((await take(run)).taken).toHaveLength(1);
  const next = await take(run);
  expect(next.taken).toHaveLength(0);
  expect(next.waitMs).toBeLessThanOrEqual(1_000);
  await pools.root.query(
    "update ledger.statement_month set paced_at = now() - interval '1 hour' where tenant_id = $1",
    [run.tenantId],
  );
  const lanes = await Promise.all([take(run), take(run), take(run)]);
  expect(lanes.flatMap(({ taken }) => taken).length).toBeLessThanOrEqual(3);
  await pace(null);
  expect((await takeAll(pools, run)).length).toBeGreaterThanOrEqual(26);
  expect(await setStatementPace(pools.api, { ...run, month: '2000-01', pace: 1, actor: 'test' })).toBe(false);
});

test('a statement that does not come to its postings is put off with attention, and delays no other', async () => {
  const run = await monthOf(3);
  const { ada } = accounts;
  await pools.root.query('alter table ledger.statement disable trigger figures_never_change');
  const spoil = (change: string) =>
    pools.root.query(`update ledger.statement set ${change} where account_id = $1 and month = $2`, [ada, run.month]);
  await spoil('closing = closing + 1');
  expect((await take(run)).taken).toHaveLength(2);
  const { rows } = await pools.root.query(
    'select tries, due_at > now() as waits from ledger.statement where account_id = $1',
    [ada],
  );
  expect(rows).toEqual([{ tries: 1, waits: true }]);
  await spoil('closing = closing - 1, due_at = now()');
  await pools.root.query('alter table ledger.statement enable trigger figures_never_change');
  await until(async () => (await take(run)).taken.length === 1);
});
