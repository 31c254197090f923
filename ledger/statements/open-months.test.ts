import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { beginAt } from '../../test/support/fixtures/statements.ts';
import { createTenant } from '../access/create-tenant.ts';
import { changeStatementPlan } from './change-plan.ts';
import { endStatementMonth } from './end-month.ts';
import { openStatementMonths } from './open-months.ts';

const { pools } = freshLedger();

let tenantId: string;
beforeEach(async () => {
  // What other tests opened is offered, and opened, no more.
  await pools.root.query("update ledger.statement_plan set zone = 'UTC'");
  let isMore = true;
  while (isMore) isMore = (await open()).due.some(({ month }) => month !== null);
  await pools.root.query('update ledger.statement_month set offered_at = clock_timestamp()');
  tenantId = await aTenant();
});

async function aTenant(): Promise<string> {
  const id = uuidV7();
  await createTenant(pools.root, { id, name: 'Acme', actor: 'test' });
  return id;
}

type Month = { month: string; from: string; to: string };
async function monthsOf(id: string): Promise<Month[]> {
  const { rows } = await pools.root.query<Month>(
    `select month, ledger.rfc3339(from_at) as from, ledger.rfc3339(to_at) as to from ledger.statement_month
     where tenant_id = $1 order by from_at`,
    [id],
  );
  return rows;
}
async function nextOf(id: string): Promise<Month | undefined> {
  const { rows } = await pools.root.query<Month>(
    `select next_month as month, ledger.rfc3339(next_from_at) as from, ledger.rfc3339(next_to_at) as to
     from ledger.statement_plan where tenant_id = $1`,
    [id],
  );
  return rows[0];
}
const open = (limit = 100) => openStatementMonths(pools.worker, { limit });

test('a new tenant has a plan from this month on, which is not over', async () => {
  const month = new Date().toISOString().slice(0, 7);
  expect(await nextOf(tenantId)).toMatchObject({ month, from: `${month}-01T00:00:00.000Z` });
  expect(await open()).toEqual({ due: [], isMore: false, unknownZones: [] });
});

test('every month that is over is opened, one behind the other, and offered until it is closed', async () => {
  await beginAt(pools, { tenantId, month: '2026-08', zone: 'Europe/Warsaw' });
  const first = await open();
  expect(first).toMatchObject({ due: [{ tenantId, month: '2026-08' }], unknownZones: [] });
  // Offered once in five minutes; the next one is over too.
  expect((await open()).due).toEqual([{ tenantId, month: '2026-09' }]);
  expect((await monthsOf(tenantId)).slice(0, 2)).toEqual([
    { month: '2026-08', from: '2026-07-31T22:00:00.000Z', to: '2026-08-31T22:00:00.000Z' },
    { month: '2026-09', from: '2026-08-31T22:00:00.000Z', to: '2026-09-30T22:00:00.000Z' },
  ]);
  await pools.root.query(
    "update ledger.statement_month set offered_at = now() - interval '6 minutes' where month = '2026-08'",
  );
  expect((await open()).due).toContainEqual({ tenantId, month: '2026-08' });
  await pools.root.query(
    "update ledger.statement_month set offered_at = now() + interval '1 day' where month = '2026-08'",
  );
  expect((await open()).due).toContainEqual({ tenantId, month: '2026-08' });
});

test('a month is over when both clocks say so', async () => {
  await beginAt(pools, { tenantId, month: '2026-08' });
  const clock = "select ledger.open_statement_months(10, '2026-08-31T23:59:00Z')";
  await pools.worker.query(clock);
  expect(await monthsOf(tenantId)).toEqual([]);
});

test('a tenant whose zone the database does not know, and one whose month was ended early, stop nobody', async () => {
  const others = [await aTenant(), await aTenant()];
  for (const id of [tenantId, ...others]) await beginAt(pools, { tenantId: id, month: '2026-08' });
  await pools.root.query("update ledger.statement_plan set zone = 'Mars/Base' where tenant_id = $1", [tenantId]);
  await endStatementMonth(pools.root, { tenantId: others[0] ?? '', actor: 'test' });
  // A while ago, because a program's clock has milliseconds only.
  await pools.root.query("update ledger.statement_plan set due_at = now() - interval '1 s' where tenant_id = any($1)", [
    [tenantId, ...others],
  ]);
  const opened = await open();
  expect(opened.unknownZones).toEqual([tenantId]);
  expect(opened.due.map(({ tenantId: id }) => id).toSorted()).toEqual([...others, others[0] ?? ''].toSorted());
  // In a minute it is looked at again; with a zone that is known it is opened then.
  expect((await open()).unknownZones).toEqual([]);
  expect(await changeStatementPlan(pools.api, { tenantId, actor: 'test', zone: 'UTC' })).toMatchObject({ ok: true });
});

test('no more than the limit at a time, and then the others', async () => {
  const all = [tenantId, await aTenant(), await aTenant()];
  for (const id of all) await beginAt(pools, { tenantId: id, month: '2026-10' });
  const seen: string[] = [];
  for (let looks = 0; looks < 3; looks += 1) {
    const { due, isMore } = await open(1);
    expect([due.length, isMore]).toEqual([1, true]);
    seen.push(...due.map(({ tenantId: id }) => id));
  }
  expect(seen.toSorted()).toEqual(all.toSorted());
});

test('a month that is ended early is followed by one that begins at that moment', async () => {
  const before = await nextOf(tenantId);
  expect(await endStatementMonth(pools.root, { tenantId, month: '2000-01', actor: 'test' })).toEqual({
    ...{ ok: false, refusal: { code: 'not_next' } },
  });
  expect(await endStatementMonth(pools.root, { tenantId, actor: 'test' })).toEqual({
    ok: true,
    value: { month: before?.month },
  });
  const [ended] = await monthsOf(tenantId);
  const next = await nextOf(tenantId);
  expect([ended?.from, ended?.to]).toEqual([before?.from, next?.from]);
  expect(Date.parse(next?.from ?? '')).toBeLessThanOrEqual(Date.now());
  expect(next?.month.localeCompare(before?.month ?? '')).toBe(1);
});

test('another zone: the month that is not over ends by it, and what is over was opened by the old one', async () => {
  await beginAt(pools, { tenantId, month: '2026-09', zone: 'Pacific/Kiritimati' });
  const version = (await pools.root.query('select version from ledger.statement_plan where tenant_id = $1', [tenantId]))
    .rows[0]?.version;
  const change = { tenantId, actor: 'test', zone: 'America/New_York' };
  expect(await changeStatementPlan(pools.api, { ...change, ifVersion: version })).toEqual({
    ok: true,
    value: { version: version + 1 },
  });
  expect(await changeStatementPlan(pools.api, { ...change, ifVersion: version })).toEqual({
    ...{ ok: false, refusal: { code: 'changed_since' } },
  });
  expect((await monthsOf(tenantId))[0]).toEqual({
    month: '2026-09',
    from: '2026-08-31T10:00:00.000Z',
    to: '2026-09-30T10:00:00.000Z',
  });
  const months = [...(await monthsOf(tenantId)), await nextOf(tenantId)];
  for (const [i, month] of months.slice(1).entries()) expect(month?.from).toBe(months[i]?.to);
  expect(months.at(-1)?.to).toMatch(/T0[45]:00:00\.000Z$/);
  for (const zone of ['Mars/Base', 'europe/warsaw', '+05:00', '']) {
    expect(await changeStatementPlan(pools.api, { ...change, zone })).toEqual({
      ok: false,
      refusal: { code: 'unknown_zone' },
    });
  }
  expect(await changeStatementPlan(pools.api, { ...change, tenantId: uuidV7() })).toEqual({
    ...{ ok: false, refusal: { code: 'not_found' } },
  });
});

/** The last instants of a zone's days, as the JavaScript engine knows zones: another table of them than Postgres has. */
const dayIn = (zone: string, at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at);

test.each([
  'Europe/Warsaw',
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'UTC',
])('a month of %s begins with the first instant of its first day, and touches the one before', async (zone) => {
  const { rows } = await pools.root.query<{ month: string; at: Date }>(
    `select to_char(first, 'YYYY-MM-DD') as month, ledger.start_of_month(first::date, $1) as at
     from generate_series('2026-01-01'::timestamp, '2027-12-01', '1 month') first`,
    [zone],
  );
  expect(rows).toHaveLength(24);
  for (const { month, at } of rows) {
    expect(dayIn(zone, at)).toBe(month);
    expect(dayIn(zone, new Date(at.getTime() - 1))).not.toBe(month);
  }
});

test('days without a midnight begin with the first instant that they have', async () => {
  const { rows } = await pools.root.query<{ at: Date }>(
    "select ledger.start_of_month(day::date, zone) as at from (values ('2026-09-06', 'America/Santiago'), ('2026-04-24', 'Africa/Cairo')) x (day, zone)",
  );
  expect(rows.map(({ at }) => at.toISOString())).toEqual(['2026-09-06T04:00:00.000Z', '2026-04-23T22:00:00.000Z']);
});
