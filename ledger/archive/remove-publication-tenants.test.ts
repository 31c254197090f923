import { beforeEach, expect, test } from '@jest/globals';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { publishCheckpoint } from './publish-checkpoint.ts';
import { removePublicationTenants } from './remove-publication-tenants.ts';

const { pools } = freshLedger({ per: 'test' });

const publish = (tenants = 500) => publishCheckpoint(pools.worker, tenants, async () => {});
const remove = (rows = 100) => removePublicationTenants(pools.worker, { days: 7, rows });

/** Sets so many days back what is finished; a negative number sets it ahead. */
const age = (days: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query('update ledger.archive_publication set finished_at = finished_at - make_interval(days => $1)', [
      days,
    ]);
  });
const state = async () => {
  const { rows } = await pools.root.query<{ tenants: number; removed: number; cleared: boolean; events: number }>(
    `select (select count(*)::int from ledger.archive_publication_tenant) as tenants, removed, cleared_at is not null as cleared,
      (select count(*)::int from ledger.event where subject_type = 'checkpoint') as events
     from ledger.archive_publication order by day limit 1`,
  );
  return rows[0];
};

beforeEach(async () => {
  await pools.root.query(
    `insert into ledger.tenant (id, name) select ledger.uuid_v7(clock_timestamp()), 'tenant ' || n from generate_series(1, 5) n`,
  );
  await archiveNext(pools, { emptyAfterMs: 0 });
});

test('who was told a checkpoint is removed a week after all were, a page at a time, and nobody is told it again', async () => {
  await publish();
  expect(await remove()).toEqual({ removed: 0, isMore: false });
  await age(8);
  expect(await remove(3)).toEqual({ removed: 3, isMore: true });
  expect(await state()).toEqual({ tenants: 2, removed: 3, cleared: false, events: 5 });
  expect(await remove(3)).toEqual({ removed: 2, isMore: true });
  expect(await state()).toEqual({ tenants: 0, removed: 5, cleared: true, events: 5 });
  expect(await remove(3)).toEqual({ removed: 0, isMore: false });
  expect(await publish()).toBeNull();
  await archiveNext(pools, { emptyAfterMs: 0 });
  expect(await publish()).toBeNull();
  expect(await state()).toMatchObject({ events: 5 });
});

test('a checkpoint that not all tenants have yet keeps who was told it, and goes on behind the last of them', async () => {
  await publish(2);
  expect(await remove()).toEqual({ removed: 0, isMore: false });
  await expect(pools.root.query('delete from ledger.archive_publication_tenant')).rejects.toMatchObject({
    code: '23001',
  });
  while ((await publish(2)) !== null);
  expect(await state()).toEqual({ tenants: 5, removed: 0, cleared: false, events: 5 });
});

test('one that a clock finished that ran ahead is not kept until then', async () => {
  await publish();
  await age(-30);
  expect(await remove()).toEqual({ removed: 5, isMore: true });
});

test('two that remove at once remove each row once', async () => {
  await publish();
  await age(8);
  const pages = await Promise.all([1, 2, 3, 4, 5].map(() => remove(1)));
  expect(pages.map(({ removed }) => removed)).toEqual([1, 1, 1, 1, 1]);
  expect(await state()).toMatchObject({ tenants: 0, removed: 5 });
});

test('a bound that is too small or too large is a bug', async () => {
  const removed = (days: number, rows: number) => removePublicationTenants(pools.worker, { days, rows });
  await expect(removed(0, 10)).rejects.toThrow('at least a day');
  await expect(removed(7, 10_001)).rejects.toThrow('1 to 10000');
});

test.each([
  ['a count that goes down', 'update ledger.archive_publication set removed = removed - 1'],
  ['a count that changes after all were removed', 'update ledger.archive_publication set removed = removed + 1'],
  ['that all come back', 'update ledger.archive_publication set cleared_at = null'],
])('the database refuses %s', async (_, sql) => {
  await publish();
  await age(8);
  while ((await remove(2)).isMore);
  await expect(pools.root.query(sql)).rejects.toMatchObject({ code: '23514' });
});
