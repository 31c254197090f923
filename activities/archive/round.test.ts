import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { membersOf } from '../../archive/members.ts';
import { signersFrom } from '../../archive/signer.ts';
import { check } from '../../domain/check.ts';
import { beginArchiveSegment } from '../../ledger/archive/begin-segment.ts';
import { makeBuckets } from '../../local/servers/storage.ts';
import { newArchiveKey } from '../../operator/archive-key.ts';
import { StorageFault } from '../../storage/fault.ts';
import type { NewObject, ObjectStore } from '../../storage/port.ts';
import { sha256Of } from '../../storage/sha256.ts';
import { createAccounts, type Pools, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { archiveIn, freshArchive, type TestArchive } from '../../test/support/fixtures/archived.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { aDay, storageUrls, storeAt } from '../../test/support/harness/storage.ts';
import { archiveOne } from './archive-one.ts';
import type { ArchiveStore } from './put.ts';
import { archiveTerms } from './terms.ts';

const { pools, ledger } = freshLedger({ per: 'test' });
freshAccounts({ pools, ledger });
const archive = freshArchive({ pools });

/** The objects of a segment, by how their keys end, in the sequence in which they are put. */
const endings = ['.jsonl.gz', '.slices', '.json', '.note'];

/** A store whose worker dies as soon as the object with that ending is put. `change`: what is put in its place. */
const killedAfter = (
  ending: string,
  store: ObjectStore = archive.store,
  change: (object: NewObject) => Promise<NewObject> = async (object) => object,
): ArchiveStore => ({
  read: (at) => store.read(at),
  put: async (object) => {
    if (!object.key.endsWith(ending)) return await store.put(object);
    await store.put(await change(object));
    throw new StorageFault('unknown', 'the worker was killed');
  },
});

const segmentsOf = async ({ root }: Pools) =>
  (
    await root.query<{ n: number; status: string; to: string }>(
      'select n::int as n, status, to_xid::text as to from ledger.archive_segment order by ledger.archive_segment.n',
    )
  ).rows;

/** Kills a worker behind that put, commits more, and goes on: what was put is put once, and is the segment. */
async function goesOnBehind(ending: string, { round, settled, versions, read, store, raised }: TestArchive) {
  await settled();
  await expect(round({ store: killedAfter(ending, store) })).rejects.toThrow('no decisive answer');
  const [begun] = await segmentsOf(pools);
  const left = await versions();
  expect(left).toHaveLength(endings.indexOf(ending) + 1);
  await createAccounts(pools, ledger);
  await settled();

  expect(await round()).toMatchObject({ segments: 2, isMore: false });
  const [first, second] = await read();
  expect(await segmentsOf(pools)).toEqual([{ ...begun, status: 'finished' }, expect.objectContaining({ n: 2 })]);
  expect([first?.manifest.to_xid, second?.manifest.from_xid]).toEqual([begun?.to, begun?.to]);
  const all = await versions();
  expect(all).toEqual(expect.arrayContaining(left));
  expect(all.map(({ key }) => key)).toEqual(
    [1, 2].flatMap((n) => endings.toSorted().map((end) => `1-0000000${n}${end}`)),
  );
  expect(raised).toEqual([]);
}

test.each(endings)('a worker that dies after it put %s leaves nothing undone, and nothing twice', async (ending) => {
  await goesOnBehind(ending, archive);
});

const { s3, removeFolder } = storageUrls();
afterAll(removeFolder);

(s3 === null ? test.skip : test)('the same in S3', async () => {
  const prefix = `t${randomBytes(6).toString('hex')}`;
  await makeBuckets(s3 ?? '', prefix);
  const own = archiveIn(storeAt(s3 ?? '', {}, { prefix }), pools);
  await goesOnBehind('.json', own);
  own.store.close();
});

test('a worker whose last commit was not confirmed finished the segment', async () => {
  await archive.settled();
  const { worker } = pools;
  const own = { connect: { value: () => loseFinish(worker) }, query: { value: worker.query.bind(worker) } };
  const lossy = Object.create(worker, own) as Pools['worker'];
  await expect(archive.round({ pool: lossy })).rejects.toThrow('the connection was lost');
  expect(await segmentsOf(pools)).toMatchObject([{ n: 1, status: 'finished' }]);
  await createAccounts(pools, ledger);
  await archive.settled();
  expect(await archive.round()).toMatchObject({ segments: 1, isMore: false });
  expect((await archive.read()).map(({ manifest }) => manifest.tree_size)).toEqual([1, 2]);
  expect(archive.raised).toEqual([]);
});

async function loseFinish(worker: Pools['worker']) {
  const client = await worker.connect();
  const query = async (text: string, values: unknown[]) => {
    const answer = await client.query(text, values);
    if (text.includes('finish_archive_segment')) throw new Error('the connection was lost');
    return answer;
  };
  return Object.create(client, { query: { value: query } }) as typeof client;
}

test('workers that archive at once make one segment', async () => {
  await archive.settled();
  const rounds = await Promise.all(Array.from({ length: 4 }, () => archive.round()));
  const records = Math.max(...rounds.map((round) => round.records));
  expect(records).toBeGreaterThan(0);
  expect((await archive.read())[0]?.manifest.records).toBe(records);
  const keys = (await archive.versions()).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(archive.raised).toEqual([]);
});

test('a worker that comes back when another has finished its segment finds that out, and changes nothing', async () => {
  await archive.settled();
  const { recordsMax, emptyAfterMs, pageRows } = archiveTerms;
  const begun = await beginArchiveSegment(pools.worker, { recordsMax, emptyAfterMs });
  check(begun.status === 'begun', 'there is a segment to make');
  const tools = {
    ...{ store: archive.store, signers: archive.signers, pool: pools.worker, pageRows },
    ...{ origin: 'quittance.test/archive', software: 'test 1', signal: new AbortController().signal },
    retention: { mode: 'governance', years: 1 },
  } as const;
  const made = await archiveOne(begun.segment, tools);
  const left = await archive.versions();
  expect(made.ok && made.value.records).toBeGreaterThan(0);
  expect(await archiveOne(begun.segment, tools)).toEqual(made);
  expect(await archive.versions()).toEqual(left);
});

/** The same records, compressed by another build of zlib. */
async function compressedOtherwise(object: NewObject): Promise<NewObject> {
  const members = await Array.fromAsync(membersOf(object.bytes));
  const bytes = Buffer.concat(members.map((member) => gzipSync(member?.content ?? '', { level: 1 })));
  return { ...object, bytes, sha256: sha256Of(bytes) };
}

test('records that another build compressed stay, and the slices are those of its bytes', async () => {
  await archive.settled();
  const store = killedAfter('.gz', archive.store, compressedOtherwise);
  await expect(archive.round({ store })).rejects.toThrow('no decisive answer');
  const [left] = await archive.versions();
  expect(await archive.round()).toMatchObject({ segments: 1 });
  expect((await archive.versions())[1]).toEqual(left);
  const [segment] = await archive.read();
  // They are read where the slices say that they are.
  const records = segment?.slices.flatMap((slice) => slice.records) ?? [];
  expect(records).toHaveLength(segment?.manifest.records ?? 0);
  for (const record of records) expect(JSON.parse(record)).toHaveProperty('xid');
  expect(archive.raised).toEqual([]);
});

test('a manifest of another release stays, and what is signed is the one that is there', async () => {
  await archive.settled();
  const [old, fresh] = [newArchiveKey(), newArchiveKey()];
  const tools = (pem: string, store: ArchiveStore) => () =>
    Promise.resolve({ store, signers: signersFrom(pem, 'quittance') });
  for (const ending of ['.json', '.note']) {
    const open = tools(old, killedAfter(ending));
    await expect(archive.round({ open, software: 'old' })).rejects.toThrow('no decisive answer');
  }
  const open = tools(old + fresh, archive.store);
  expect(await archive.round({ open, software: 'new' })).toMatchObject({ segments: 1 });
  await createAccounts(pools, ledger);
  await archive.settled();
  expect(await archive.round({ open, software: 'new' })).toMatchObject({ segments: 1 });
  const [first, second] = await archive.read();
  expect([first?.manifest.software, second?.manifest.software]).toEqual(['old', 'new']);
  expect([first?.manifest.signers.length, second?.manifest.signers.length]).toEqual([1, 2]);
  expect([first, second].map((one) => one?.checkpoint.match(/^— /gm)?.length)).toEqual([1, 2]);
});

test.each(endings)('other bytes in the place of %s are another history: an alarm, and they stay', async (ending) => {
  await archive.settled();
  const bytes = Buffer.from(`{"of":"others"}${ending}`);
  const others = { area: 'audit', key: `1-00000001${ending}`, bytes, sha256: sha256Of(bytes) } as const;
  await archive.store.put({ ...others, type: 'application/json', retention: aDay('governance') });
  for (let tries = 0; tries < 2; tries += 1)
    expect(await archive.round()).toEqual({ segments: 0, records: 0, isMore: false, waitMs: null });
  expect(archive.raised[0]).toMatchObject({ alarm: 'archive_other_history', code: 'other_history', key: others.key });
  const there = (await archive.versions()).filter(({ key }) => key === others.key);
  expect(there).toHaveLength(1);
  const read = await archive.store.read({ ...others, versionId: there[0]?.versionId ?? '' });
  expect(read.ok && Buffer.from(read.value).equals(bytes)).toBe(true);
  expect(await segmentsOf(pools)).toMatchObject([{ n: 1, status: 'begun' }]);
});

test('while the store is away a segment is begun, and when it is back nothing is missing', async () => {
  await archive.settled();
  const away = () => Promise.reject(new StorageFault('unreachable', 'no answer'));
  for (let tries = 0; tries < 3; tries += 1) {
    await expect(archive.round({ store: { put: away, read: away } })).rejects.toThrow('cannot be reached');
    await createAccounts(pools, ledger);
  }
  expect(await segmentsOf(pools)).toMatchObject([{ n: 1, status: 'begun' }]);
  await archive.settled();
  expect(await archive.round()).toMatchObject({ segments: 2, isMore: false });
  // Nothing is left, and for how long that is so.
  const idle = await archive.round();
  expect(idle).toMatchObject({ segments: 0, isMore: false });
  expect(idle.waitMs).toBeGreaterThan(0);
  expect(idle.waitMs).toBeLessThanOrEqual(archiveTerms.emptyAfterMs);
});

test('objects that could be deleted at once are not put', async () => {
  await archive.settled();
  await archive.round({ retention: { mode: 'governance', years: -1 } });
  expect(archive.raised).toMatchObject([{ alarm: 'archive_other_history', code: 'retention_over' }]);
  expect(await archive.versions()).toEqual([]);
});

test('without a store or a key nothing begins, and it is an alarm', async () => {
  expect(await archive.round({ open: null })).toEqual({ segments: 0, records: 0, isMore: false, waitMs: null });
  expect(archive.raised).toMatchObject([{ alarm: 'archive_tools_missing' }]);
  expect(await segmentsOf(pools)).toEqual([]);
});

test('where transactions are counted from the beginning again, nothing is archived, and it is an alarm', async () => {
  await archive.settled();
  await archive.round();
  await withoutTriggers(pools.root, async (client) => {
    await client.query("update ledger.archive_segment set to_xid = '9000000000000000000'");
  });
  expect(await archive.round()).toEqual({ segments: 0, records: 0, isMore: false, waitMs: null });
  expect(archive.raised).toMatchObject([{ alarm: 'archive_horizon_behind' }]);
});

test('a process that stops begins no other segment', async () => {
  await expect(archive.round({}, AbortSignal.abort())).rejects.toThrow('abort');
  expect(await segmentsOf(pools)).toEqual([]);
});
