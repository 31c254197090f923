import { expect, test } from '@jest/globals';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { beginArchiveEpoch } from './begin-epoch.ts';
import { beginArchiveSegment } from './begin-segment.ts';
import { type FinishedSegment, finishArchiveSegment } from './finish-segment.ts';
import { noteArchiveCopy } from './note-copy.ts';
import { archiveSalts, platformId } from './salts.ts';

const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['archive'] });
const terms = { recordsMax: 10_000, emptyAfterMs: 0 };
const hash = 'cd'.repeat(32);
const object = { key: 'x', versionId: 'v1', sha256: hash, bytes: 1 };
const aSegment = (changes: Partial<FinishedSegment> = {}): FinishedSegment => ({
  ...{ n: 1, epoch: 1, records: 0, root: hash, tree: { size: 1, hashes: [hash] }, checkpointText: 'x' },
  ...{ segment: null, slices: null, manifest: object, checkpoint: object, tenants: [] },
  ...changes,
});
const begin = () => beginArchiveSegment(pools.worker, terms);

test('a segment is finished once: again with the same, a conflict with another manifest or root', async () => {
  await begin();
  expect(await finishArchiveSegment(pools.worker, aSegment())).toBe('finished');
  expect(await finishArchiveSegment(pools.worker, aSegment())).toBe('again');
  const other = 'ef'.repeat(32);
  for (const changes of [{ root: other }, { manifest: { ...object, sha256: other } }])
    expect(await finishArchiveSegment(pools.worker, aSegment(changes))).toBe('conflict');
  expect(await noteArchiveCopy(pools.worker, 1)).toBe(true);
  expect(await noteArchiveCopy(pools.worker, 1)).toBe(false);
});

test('the next one begins where it ended, and knows its manifest and its tree', async () => {
  const first = await begin();
  await finishArchiveSegment(pools.worker, aSegment());
  const second = await begin();
  expect(second).toMatchObject({
    status: 'begun',
    segment: { n: 2, previous: { n: 1, sha256: hash }, tree: { size: 1, hashes: [hash] }, abandoned: null },
  });
  if (first.status !== 'begun' || second.status !== 'begun') throw new Error('both are begun');
  expect(first.segment.fromXid).toBe('0');
  expect(second.segment.fromXid).toBe(first.segment.toXid);
});

test('the last slice of a tenant counts all its records', async () => {
  const { tenantId } = await createAccounts(pools, ledger);
  for (const n of [1, 2]) {
    await begin();
    const size = { size: n, hashes: [hash] };
    await finishArchiveSegment(pools.worker, {
      ...aSegment({ n, tree: size, records: 5, segment: object, slices: object }),
      tenants: [
        { tenantId, sha256: hash, records: 3 },
        { tenantId: null, sha256: hash, records: 2 },
      ],
    });
  }
  const { rows } = await pools.root.query(
    'select tenant_id, n::int, records::int from ledger.archive_tenant order by 3',
  );
  expect(rows).toEqual([
    { tenant_id: platformId, n: 2, records: 4 },
    { tenant_id: tenantId, n: 2, records: 6 },
  ]);
});

test('an epoch takes the segment that is begun with it, begins another tree, and names what was abandoned', async () => {
  await begin();
  await finishArchiveSegment(pools.worker, aSegment());
  await begin();
  const abandoned = { fromN: 2, toN: 7, checkpoint: 'a checkpoint' };
  expect(await beginArchiveEpoch(pools.root, { abandoned, reason: 'a restore', actor: 'test' })).toEqual({ epoch: 2 });
  const old = aSegment({ n: 2, tree: { size: 2, hashes: [hash] } });
  expect(await finishArchiveSegment(pools.worker, old)).toBe('conflict');
  expect(await begin()).toMatchObject({
    segment: { n: 2, epoch: 2, previous: { n: 1, sha256: hash }, tree: { size: 0, hashes: [] }, abandoned },
  });
  expect(await finishArchiveSegment(pools.worker, aSegment({ n: 2, epoch: 2 }))).toBe('finished');
  expect(await begin()).toMatchObject({ segment: { n: 3, epoch: 2, tree: { size: 1 }, abandoned: null } });
});

test(
  'a database that counts transactions from the beginning again is refused until an epoch begins with the horizon of now',
  async () => {
    await begin();
    await pools.root.query("update ledger.archive_segment set to_xid = '8000000000000000000'");
    await finishArchiveSegment(pools.worker, aSegment());
    expect(await begin()).toEqual({ status: 'refused', code: 'horizon_behind' });
    await beginArchiveEpoch(pools.root, { abandoned: null, reason: 'a logical restore', actor: 'test' });
    expect(await begin()).toMatchObject({ status: 'begun', segment: { n: 2, epoch: 2 } });
    // Its own act is in it, or behind it while another test's transaction runs.
    await until(
      async () =>
        ((await archiveNext(pools, { emptyAfterMs: 0 }))?.rows ?? []).some(
          (row) => 'action' in row && row.action === 'archive.epoch_begun',
        ),
      150_000,
    );
  },
  inTime(180_000),
);

test(
  'one transaction that is too large by itself has a segment of its own, and what is behind it is bounded too',
  async () => {
    const acts = async (count: number) => {
      await pools.root.query(
        "select ledger.write_audit('test', null, 'test.wrote', 'x', '{}') from generate_series(1, $1::int)",
        [count],
      );
    };
    while ((await archiveNext(pools, { emptyAfterMs: 0 }))?.isMore);
    for (const count of [50, 3, 3, 3, 3]) await acts(count);
    const sizes: number[] = [];
    await until(async () => {
      const next = await archiveNext(pools, { recordsMax: 4, emptyAfterMs: 0 });
      if (next && next.rows.length > 0) sizes.push(next.rows.length);
      return sizes.reduce((sum, size) => sum + size, 0) === 62;
    }, 150_000);
    expect(sizes).toEqual([50, 3, 3, 3, 3]);
  },
  inTime(180_000),
);

test('a salt is made once for each subject, and stays', async () => {
  const { tenantId, ada, grace } = await createAccounts(pools, ledger);
  const subjects = [ada, grace].map((subjectId) => ({ subjectId, tenantId }));
  const platform = { subjectId: platformId, tenantId: null };
  const salts = await archiveSalts(pools.worker, [...subjects, platform]);
  expect([...salts.keys()].toSorted()).toEqual([ada, grace, platformId].toSorted());
  expect(new Set([...salts.values()].map((salt) => salt.toString('hex'))).size).toBe(3);
  const again = await Promise.all([1, 2, 3].map(() => archiveSalts(pools.worker, [platform, ...subjects])));
  for (const each of again) expect(each).toEqual(salts);
});

test.each([
  ['another range', "update ledger.archive_segment set to_xid = '99' where n = 1"],
  ['a finished one again', "update ledger.archive_segment set root = sha256('x') where n = 1"],
  [
    'a segment that does not follow',
    "insert into ledger.archive_segment (n, epoch, from_xid, to_xid, begun_at) values (2, 1, '1', '2', now())",
  ],
  [
    'a segment behind a gap',
    "insert into ledger.archive_segment (n, epoch, from_xid, to_xid, begun_at) values (9, 1, '1', '2', now())",
  ],
  ['half a finished one', 'update ledger.archive_segment set checkpoint = null where n = 1'],
])('the database refuses %s', async (_, sql) => {
  await begin();
  await finishArchiveSegment(pools.worker, aSegment());
  await expect(pools.root.query(sql)).rejects.toMatchObject({ code: '23514' });
});
