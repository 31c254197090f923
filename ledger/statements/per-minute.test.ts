import { expect, test } from '@jest/globals';
import { createReader } from '../../drizzle/client.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { endMonth, made, setQuiet, takeAll } from '../../test/support/fixtures/statements.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { listStatementRuns } from '../read/statement-runs.ts';
import { endStatementMonth } from './end-month.ts';
import { storeStatement } from './store.ts';

/** How fast a run is, by the counters of its tally. */
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });

const perMinute = async (month: string): Promise<number | null | undefined> => {
  const { rows } = await listStatementRuns(createReader(pools.api), accounts.tenantId, { limit: 10, after: null });
  return rows.find((run) => run.month === month)?.perMinute;
};
const cutAgo = (interval: string) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query('update ledger.statement_month set cut_at = now() - $2::interval where tenant_id = $1', [
      accounts.tenantId,
      interval,
    ]);
  });
const age = (minutes: number) =>
  pools.root.query(
    `update ledger.statement_tally set minute = date_trunc('minute', clock_timestamp()) - make_interval(mins => $2) where tenant_id = $1`,
    [accounts.tenantId, minutes],
  );
const minute = async () =>
  (await pools.root.query<{ at: string }>("select date_trunc('minute', clock_timestamp())::text as at")).rows[0]?.at;

/** Again when a minute ended meanwhile. */
const withinAMinute = (work: () => Promise<void>) =>
  until(async () => {
    const before = await minute();
    await work();
    return before === (await minute());
  });

test('what became ready in this minute and the one before, over their time; later it is none', async () => {
  const { tenantId } = accounts;
  await setQuiet(pools, accounts, 'monthly');
  const month = await endMonth(pools, accounts);
  const [first, ...others] = await takeAll(pools, { tenantId, month });
  if (!first) throw new Error('nothing was taken');
  for (const one of others) await storeStatement(pools.worker, made(one), async () => {});
  expect(others.length).toBe(2);
  await cutAgo('1 hour');
  // Two within a minute to two: how far this one is, nobody here knows.
  for (const minutes of [0, 1]) {
    await age(minutes);
    const found = await perMinute(month);
    expect([minutes, found !== undefined && found !== null && found >= 1 && found <= 2]).toEqual([minutes, true]);
  }
  await age(3);
  expect(await perMinute(month)).toBe(0);
  await age(-2);
  expect(await perMinute(month)).toBe(0);

  await withinAMinute(async () => {
    await pools.root.query(
      'update ledger.statement_tally set in_minute = 2, in_minute_before = 7 where tenant_id = $1',
      [tenantId],
    );
    await age(1);
    await storeStatement(pools.worker, made(first), async () => {});
    const { rows } = await pools.root.query(
      'select sum(in_minute)::int as now, sum(in_minute_before)::int as before, sum(ready)::int as ready from ledger.statement_tally where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ now: 1, before: 2, ready: 3 }]);
  });
  await cutAgo('1 second');
  await age(0);
  expect(await perMinute(month)).toBeGreaterThan(30);
});

test('nobody can say how fast a month is that is not cut', async () => {
  const ended = await endStatementMonth(pools.root, { tenantId: accounts.tenantId, actor: 'test' });
  if (!ended.ok) throw new Error(ended.refusal.code);
  expect(await perMinute(ended.value.month)).toBeNull();
});
