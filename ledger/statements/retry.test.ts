import { expect, test } from '@jest/globals';
import { check } from '../../domain/check.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { endMonth, made, setQuiet, takeAll } from '../../test/support/fixtures/statements.ts';
import { readBacklog } from '../upkeep/backlog.ts';
import { statementProgress } from '../worker-reads/statement-runs.ts';
import { giveBackStatement } from './give-back.ts';
import { openStatementMonths } from './open-months.ts';
import { putOffStatement } from './put-off.ts';
import { retryStatements } from './retry.ts';
import { storeStatement } from './store.ts';
import { type TakenStatement, takeStatements } from './take.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

async function aMonth(): Promise<{ tenantId: string; month: string }> {
  await setQuiet(pools, accounts, 'monthly');
  return { tenantId: accounts.tenantId, month: await endMonth(pools, accounts) };
}
async function takeOne(run: { tenantId: string; month: string }): Promise<TakenStatement | undefined> {
  return (await takeStatements(pools.worker, { ...run, limit: 1, leaseMs: 60_000 })).taken[0];
}
const idOf = (taken: TakenStatement | undefined): string => taken?.facts.id ?? '';
const leaseEnds = (id: string) => pools.root.query('update ledger.statement set due_at = now() where id = $1', [id]);

test('one that no try will change has attention at once, and is due again when the cause is repaired', async () => {
  const run = await aMonth();
  const taken = await takeOne(run);
  check(taken, 'there is one to take');
  const [id, lease] = [idOf(taken), taken.lease];
  const put = { id, lease, reason: 'broke_a_check', inMs: 86_400_000, isHopeless: true };
  expect(await putOffStatement(pools.worker, put)).toEqual({ tries: 1, isAttention: true });
  expect((await readBacklog(pools.api)).statements).toMatchObject({ attention: 1 });
  expect((await takeAll(pools, run)).map(({ facts }) => facts.id)).not.toContain(id);
  await openStatementMonths(pools.worker, { limit: 10 });
  expect(await retryStatements(pools.root, { ...run, actor: 'olga' })).toBe(1);
  expect(await statementProgress(pools.worker, run)).toMatchObject({ attention: 0 });
  expect(await takeOne(run)).toMatchObject({ facts: { id }, tries: 0 });
  // Offered again at once, and not only after five minutes.
  expect((await openStatementMonths(pools.worker, { limit: 10 })).due).toContainEqual(run);
  expect(await retryStatements(pools.root, { ...run, month: null, actor: 'olga' })).toBe(0);
  const audit = "select actor, subject, detail from ledger.audit where action = 'statement_month.retried'";
  expect((await pools.root.query(audit)).rows).toEqual([
    { actor: 'olga', subject: run.month, detail: { statements: 1 } },
  ]);
});

test('one that is given back was not tried, and only who has the lease gives it back', async () => {
  const run = await aMonth();
  const taken = await takeOne(run);
  check(taken, 'there is one to take');
  const back = { id: idOf(taken), lease: taken.lease };
  expect(await giveBackStatement(pools.worker, back)).toBe(true);
  expect(await giveBackStatement(pools.worker, back)).toBe(false);
  const all = await takeAll(pools, run);
  expect(all.find(({ facts }) => facts.id === back.id)).toMatchObject({ tries: 0 });
});

test('a lease that runs out is a try: the second time it waits, the fifth it has attention', async () => {
  const run = await aMonth();
  const id = idOf(await takeOne(run));
  for (const one of await takeAll(pools, run)) await storeStatement(pools.worker, made(one), async () => {});
  await leaseEnds(id);
  expect(await takeOne(run)).toMatchObject({ facts: { id }, tries: 1 });
  for (let tries = 2; tries <= 5; tries += 1) {
    await leaseEnds(id);
    const { taken, waitMs } = await takeStatements(pools.worker, { ...run, limit: 1, leaseMs: 60_000 });
    expect([taken, waitMs !== null && waitMs > 300_000]).toEqual([[], true]);
    await leaseEnds(id);
    // It comes after its wait, and its lease runs out once more.
    expect(await takeOne(run)).toMatchObject({ facts: { id }, tries });
  }
  const { rows } = await pools.root.query('select attention_reason from ledger.statement where id = $1', [id]);
  expect(rows).toEqual([{ attention_reason: 'lease_over' }]);
  expect(await statementProgress(pools.worker, run)).toMatchObject({ attention: 1 });
});

test('the backlog says how many statements wait, and for how long the oldest month is open', async () => {
  const before = (await readBacklog(pools.worker)).statements;
  const run = await aMonth();
  const sql =
    "update ledger.statement_month set opened_at = now() - interval '7 hours' where tenant_id = $1 and month = $2";
  await withoutTriggers(pools.root, async (root) => void (await root.query(sql, [run.tenantId, run.month])));
  const found = (await readBacklog(pools.worker)).statements;
  expect(found.waiting).toBe(before.waiting + 3);
  expect(found.monthMs).toBeGreaterThanOrEqual(7 * 3_600_000);
  expect(found.requestMs).toBe(0);
});
