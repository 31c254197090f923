import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ObjectStore } from '../../storage/port.ts';
import { sha256Of } from '../../storage/sha256.ts';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { archiveIn } from '../../test/support/fixtures/archived.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { aDay, storageUrls, storeAt } from '../../test/support/harness/storage.ts';
import { type CopyCheckpointDeps, copyCheckpoint } from './copy-checkpoint.ts';

const { pools } = freshLedger({ per: 'test' });
const area = 'audit';
let first: ReturnType<typeof storageUrls>;
let second: ReturnType<typeof storageUrls>;
let store: ObjectStore;
let archive: () => Promise<unknown>;

beforeEach(() => {
  first = storageUrls();
  second = storageUrls();
  store = storeAt(first.folder);
  archive = archiveIn(store, pools).segment;
});
afterEach(() => {
  store.close();
  first.removeFolder();
  second.removeFolder();
});

/** One step, with the second store at that address, and the alarms that it raised. */
async function copy(url: string | null = second.folder) {
  const { alarms, log, raised } = listenForAlarms();
  const other = url === null ? null : storeAt(url, { connectMs: 500 });
  const deps: CopyCheckpointDeps = {
    ...{ pool: pools.worker, openCopy: other && (() => other), alarms, log },
    retention: { mode: 'governance', years: 1 },
  };
  const result = await copyCheckpoint(deps)();
  other?.close();
  return { result, names: raised.map(({ alarm }) => alarm) };
}

/** Sets what happened so many hours back. */
const age = (column: 'copied_at' | 'finished_at', hours: number) =>
  withoutTriggers(pools.root, async (client) => {
    await client.query(`update ledger.archive_segment set ${column} = ${column} - make_interval(hours => $1)`, [hours]);
  });

async function inSecondStore<T>(work: (copies: ObjectStore) => Promise<T>): Promise<T> {
  const copies = storeAt(second.folder);
  try {
    return await work(copies);
  } finally {
    copies.close();
  }
}

const nothing = { result: { status: 'nothing' }, names: [] };
const away = 'http://id:hush@127.0.0.1:1';

test('the newest checkpoint is copied at once, and then once a day, byte by byte', async () => {
  expect(await copy()).toEqual(nothing);
  await archive();
  await archive();
  expect(await copy()).toEqual({ result: { status: 'copied', n: 2 }, names: [] });
  await archive();
  expect(await copy()).toEqual(nothing);
  await age('copied_at', 23);
  expect(await copy()).toEqual(nothing);
  await age('copied_at', 1);
  expect(await copy()).toEqual({ result: { status: 'copied', n: 3 }, names: [] });
  const { rows } = await pools.root.query<{ checkpoint: string }>(
    'select checkpoint from ledger.archive_segment where n = 3',
  );
  const sha256 = sha256Of(Buffer.from(rows[0]?.checkpoint ?? ''));
  await inSecondStore(async (copies) => {
    const { versions } = await copies.versions({ area, prefix: '' });
    expect(versions.map(({ key }) => key)).toEqual(['1-00000002.note', '1-00000003.note']);
    const { key = '', versionId = '' } = versions[1] ?? {};
    expect(await copies.read({ area, key, versionId, sha256 })).toMatchObject({ ok: true });
  });
});

test('behind a segment that is copied there is nothing to copy, and without a second store nothing is', async () => {
  await archive();
  expect(await copy(null)).toEqual(nothing);
  expect((await copy()).result).toEqual({ status: 'copied', n: 1 });
  await age('copied_at', 30);
  expect(await copy(away)).toEqual(nothing);
});

test('a second store that does not take it is tried again, and an alarm after 26 hours', async () => {
  await archive();
  const failed = { status: 'failed', code: 'unreachable' };
  expect(await copy(away)).toEqual({ result: failed, names: [] });
  await age('finished_at', 27);
  expect(await copy(away)).toEqual({ result: failed, names: ['archive_copy_late'] });
  expect((await copy()).result).toEqual({ status: 'copied', n: 1 });
  await archive();
  await age('copied_at', 25);
  expect(await copy(away)).toEqual({ result: failed, names: [] });
  await age('copied_at', 2);
  expect(await copy(away)).toEqual({ result: failed, names: ['archive_copy_late'] });
});

test('another checkpoint in its place is another history', async () => {
  await archive();
  const bytes = Buffer.from('of another history');
  const object = { area, key: '1-00000001.note', bytes, sha256: sha256Of(bytes), type: 'text/plain' } as const;
  await inSecondStore((copies) => copies.put({ ...object, retention: aDay('governance') }));
  expect(await copy()).toEqual({ result: { status: 'failed', code: 'conflict' }, names: ['archive_other_history'] });
});
