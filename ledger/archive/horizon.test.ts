import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { type Accounts, createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aLeg, anEntry } from '../../test/support/fixtures/entries.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archivedRows, archiveNext } from '../../test/support/fixtures/segments.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { toEntryRow } from '../entries/post-entries.ts';
import { beginArchiveSegment } from './begin-segment.ts';

const { pools, ledger } = freshLedger();
let accounts: Accounts;
beforeAll(async () => {
  accounts = await createAccounts(pools, ledger);
});

const terms = { recordsMax: 10_000, emptyAfterMs: 3_600_000 };
const everything = { fromXid: '0', toXid: '9000000000000000000' };

/** Commits entries on a connection of its own, each after a wait, and takes some of them back. Returns when `isOver`. */
async function commitSlowly(isOver: () => boolean, chooser: () => number): Promise<void> {
  // Each writer has an account of its own, so that it waits for no other.
  const { ada, grace } = await createAccounts(pools, ledger);
  const tenantId = (await pools.root.query('select tenant_id from ledger.account where id = $1', [ada])).rows[0]
    .tenant_id;
  const client = await pools.root.connect();
  try {
    while (!isOver()) {
      await client.query('begin');
      const entry = anEntry({ ...accounts, tenantId }, [aLeg(ada, grace, 1)]);
      await client.query('select ledger.post_entries($1)', [JSON.stringify([toEntryRow(entry)])]);
      await client.query("select ledger.write_audit('test', $1, 'test.wrote', $2, '{}')", [tenantId, uuidV7()]);
      await sleep(chooser() * 60);
      await client.query(chooser() < 0.1 ? 'rollback' : 'commit');
    }
  } finally {
    client.release(true);
  }
}

test(
  'whatever commits beside it, and however late: every row is in one segment, once',
  async () => {
    let isOver = false;
    const writers = Array.from({ length: 6 }, () => commitSlowly(() => isOver, Math.random));
    const seen: string[] = [];
    const take = async () => {
      const next = await archiveNext(pools, { recordsMax: 40, emptyAfterMs: 0, limit: 7 });
      for (const { id, xid } of next?.rows ?? []) seen.push(`${xid} ${id}`);
      return next;
    };
    // However fast the machine is, enough is written beside it.
    for (let n = 0; n < 60 || seen.length < 150; n += 1) await take();
    isOver = true;
    await Promise.all(writers);
    // Other tests' transactions may be behind the horizon for a while.
    const all = await archivedRows(pools, everything);
    await until(async () => {
      await take();
      return seen.length >= all.length;
    }, 90_000);
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(all.map(({ id, xid }) => `${xid} ${id}`).toSorted());
  },
  inTime(120_000),
);

test(
  'what is under way holds the segments back behind it, and is in the next one when it has ended',
  async () => {
    while ((await archiveNext(pools))?.isMore);
    const client = await pools.root.connect();
    try {
      const id = uuidV7();
      await client.query("begin; select ledger.write_audit('test', null, 'test.slow', 'x', '{}')");
      // Behind it, and committed.
      await pools.root.query("select ledger.write_audit('test', null, 'test.quick', $1, '{}')", [id]);
      for (let looks = 0; looks < 3; looks += 1) {
        const next = await archiveNext(pools, { emptyAfterMs: 0 });
        expect(next?.rows.filter((row) => 'subject' in row && row.subject === id)).toEqual([]);
      }
      await client.query('commit');
      const subjects: unknown[] = [];
      await until(async () => {
        for (const row of (await archiveNext(pools, { emptyAfterMs: 0 }))?.rows ?? [])
          if ('subject' in row) subjects.push(row.subject);
        return subjects.includes(id);
      }, 150_000);
      expect(subjects.filter((subject) => subject === 'x' || subject === id).toSorted()).toEqual([id, 'x'].toSorted());
    } finally {
      client.release(true);
    }
  },
  inTime(180_000),
);

test('several that begin at once begin the same segment, and one that is begun is answered until it is finished', async () => {
  await pools.root.query("select ledger.write_audit('test', null, 'test.wrote', 'y', '{}')");
  const begin = () => beginArchiveSegment(pools.worker, { ...terms, emptyAfterMs: 0 });
  const begun = await Promise.all([begin(), begin(), begin(), begin()]);
  await pools.root.query("select ledger.write_audit('test', null, 'test.wrote', 'z', '{}')");
  const ranges = [...begun, await begin()].map((one) => one.status === 'begun' && { ...one.segment });
  expect(ranges).toEqual(Array(5).fill(ranges[0]));
  expect(ranges[0]).toMatchObject({ epoch: 1, n: expect.any(Number) });
  expect(await archiveNext(pools)).toMatchObject({ n: ranges[0] ? ranges[0].n : 0 });
});

test(
  'without anything to record there is a segment after an hour, and after a clock that was ahead',
  async () => {
    while ((await archiveNext(pools))?.isMore);
    await until(async () => (await archiveNext(pools)) === null, 150_000);
    const nothing = await beginArchiveSegment(pools.worker, terms);
    expect(nothing).toEqual({ status: 'nothing', waitMs: expect.any(Number) });
    expect(nothing.status === 'nothing' && nothing.waitMs).toBeLessThanOrEqual(3_600_000);
    const moved = async (by: string) => {
      await pools.root.query('set session_replication_role = replica');
      await pools.root.query(
        `update ledger.archive_segment set begun_at = now() + $1::interval where n = (select max(n) from ledger.archive_segment)`,
        [by],
      );
      await pools.root.query('set session_replication_role = origin');
    };
    for (const by of ['-2 hours', '10 years']) {
      await moved(by);
      expect(await archiveNext(pools)).toMatchObject({ rows: [] });
    }
  },
  inTime(180_000),
);
