import { beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { readBacklog } from '../upkeep/backlog.ts';
import { beginArchiveEpoch } from './begin-epoch.ts';
import { noteAccesses } from './note-accesses.ts';
import { noteRefusedSignIns } from './note-refused-sign-ins.ts';
import { removeArchivedRecords } from './remove-records.ts';

const { pools } = freshLedger({ per: 'test' });
const at = '2026-11-01T10:00:00.123Z';

/** Writes so many reads and refused sign-ins, each in a commit of its own. */
async function note(accesses: number, signIns: number): Promise<void> {
  for (let n = 0; n < accesses; n += 1)
    await noteAccesses(pools.api, [
      {
        ...{ id: uuidV7(), tenantId: uuidV7(), minute: at, actor: 'x', subjectType: 'account' },
        ...{ subjectId: null, count: 1 },
      },
    ]);
  for (let n = 0; n < signIns; n += 1)
    await noteRefusedSignIns(pools.api, [
      {
        ...{ id: uuidV7(), tenantId: null, windowAt: at, reason: 'unknown_key', last4: null, sourceHash: null },
        ...{ count: 1, firstAt: at, lastAt: at },
      },
    ]);
}

/** Makes a segment at least, and all that are needed to have those rows: another test's transaction may be in the way for a while. */
const archived = () =>
  until(async () => {
    await archiveNext(pools, { emptyAfterMs: 0 });
    const { rows } = await pools.root.query<{ isWhole: boolean }>(
      `select coalesce(max(xid), '0') < (select to_xid from ledger.archive_segment order by n desc limit 1) as "isWhole"
       from (select xid from ledger.archive_access union all select xid from ledger.archive_refused_sign_in) written`,
    );
    return rows[0]?.isWhole === true;
  }, 150_000);

/** Sets so many days back when everything that is finished was so. */
const age = (days: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query('update ledger.archive_segment set finished_at = finished_at - make_interval(days => $1)', [
      days,
    ]);
  });
const remove = (rows = 100) => removeArchivedRecords(pools.worker, { days: 7, rows });

async function removeAll(rows?: number): Promise<number> {
  let removed = 0;
  for (let isMore = true; isMore; ) {
    const page = await remove(rows);
    removed += page.removed;
    ({ isMore } = page);
  }
  return removed;
}

const state = async () => {
  const { rows } = await pools.root.query<{ accesses: number; signIns: number; removed: number; done: boolean }>(
    `select (select count(*)::int from ledger.archive_access) as accesses,
      (select count(*)::int from ledger.archive_refused_sign_in) as "signIns",
      (select sum(removed)::int from ledger.archive_segment) as removed,
      (select n = done_n from ledger.archive_removal) as done`,
  );
  return rows[0];
};

beforeEach(archived, inTime(180_000));

test(
  'what was in the archive for so many days is removed, a page at a time, and each segment says how much it lost',
  async () => {
    await note(3, 2);
    await archived();
    await age(8);
    await note(1, 1);
    await archived();
    await note(1, 0);
    expect(await remove(2)).toEqual({ removed: 4, isMore: true });
    expect(await state()).toEqual({ accesses: 3, signIns: 1, removed: 4, done: false });
    expect(await removeAll(2)).toBe(1);
    expect(await state()).toEqual({ accesses: 2, signIns: 1, removed: 5, done: true });
    expect(await remove()).toEqual({ removed: 0, isMore: false });
    await age(8);
    expect(await removeAll()).toBe(2);
    expect(await state()).toEqual({ accesses: 1, signIns: 0, removed: 7, done: true });
  },
  inTime(360_000),
);

test(
  'two that remove at once remove each row once',
  async () => {
    await note(4, 4);
    await archived();
    await age(8);
    const removed = await Promise.all([1, 2, 3, 4].map(() => remove(1)));
    expect(removed.map((page) => page.removed)).toEqual([2, 2, 2, 2]);
    expect(await state()).toMatchObject({ accesses: 0, signIns: 0, removed: 8 });
  },
  inTime(180_000),
);

test(
  'rows of transactions that another numbering wrote are passed over: they will be archived once more',
  async () => {
    await note(2, 0);
    await archived();
    const { rows } = await pools.root.query<{ n: string; to_xid: string }>(
      'select n, to_xid from ledger.archive_segment order by n desc limit 1',
    );
    const endAt = (xid: string | undefined) =>
      withoutTriggers(pools.root, async (client) => {
        await client.query('update ledger.archive_segment set to_xid = $1 where n = $2', [xid, rows[0]?.n]);
      });
    await endAt('8000000000000000000');
    await beginArchiveEpoch(pools.root, { abandoned: null, reason: 'a logical restore', actor: 'test' });
    await note(1, 0);
    await age(8);
    expect(await removeAll()).toBe(0);
    expect(await state()).toMatchObject({ accesses: 3, removed: 0, done: true });
    await archived();
    await age(8);
    expect(await removeAll()).toBe(1);
    expect(await state()).toMatchObject({ accesses: 2, removed: 1 });
    await endAt(rows[0]?.to_xid);
  },
  inTime(360_000),
);

test(
  'the backlog says for how long rows are kept that should be gone',
  async () => {
    await archived();
    const keptMs = async () => (await readBacklog(pools.worker)).recordsKeptMs;
    expect(await keptMs()).toBeLessThan(3_600_000);
    await age(9);
    expect(await keptMs()).toBeGreaterThanOrEqual(9 * 86_400_000);
    await removeAll();
    expect(await keptMs()).toBe(0);
  },
  inTime(180_000),
);

test('a bound that is too small or too large is a bug', async () => {
  const removed = (days: number, rows: number) => removeArchivedRecords(pools.worker, { days, rows });
  await expect(removed(0, 10)).rejects.toThrow('at least a day');
  await expect(removed(7, 10_001)).rejects.toThrow('1 to 10000');
});

describe('the database refuses', () => {
  test('that a row goes which is in no segment up to the border', async () => {
    await note(1, 1);
    for (const table of ['access', 'refused_sign_in'])
      await expect(pools.root.query(`delete from ledger.archive_${table}`)).rejects.toMatchObject({ code: '23001' });
    expect(await state()).toMatchObject({ accesses: 1, signIns: 1 });
  });

  test(
    'that a row goes which is behind a border that has moved',
    async () => {
      await age(8);
      expect(await remove()).toEqual({ removed: 0, isMore: true });
      await note(1, 1);
      await archived();
      for (const table of ['access', 'refused_sign_in'])
        await expect(pools.root.query(`delete from ledger.archive_${table}`)).rejects.toMatchObject({ code: '23001' });
      expect(await state()).toMatchObject({ accesses: 1, signIns: 1 });
    },
    inTime(180_000),
  );

  test.each([
    ['a border behind what is finished', 'update ledger.archive_removal set n = 99'],
    ['more that is done than was begun', 'update ledger.archive_removal set done_n = n + 1'],
    [
      'that it moves back',
      'update ledger.archive_removal set n = 1, done_n = 1; update ledger.archive_removal set n = 0, done_n = 0',
    ],
    [
      'that a segment loses more than it had',
      'update ledger.archive_segment set removed = records + 1 where records > 0',
    ],
    [
      'that what it lost comes back',
      'update ledger.archive_segment set removed = records where records > 0; update ledger.archive_segment set removed = 0',
    ],
  ])('%s', async (_, sql) => {
    await note(1, 0);
    await archived();
    await expect(pools.root.query(sql)).rejects.toMatchObject({ code: '23514' });
  });
});
