import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ObjectStore } from '../storage/port.ts';
import { withoutTriggers } from '../test/support/fixtures/accounts.ts';
import { archiveIn } from '../test/support/fixtures/archived.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../test/support/harness/storage.ts';

/** The commands as the image runs them. */
const { database, pools } = freshLedger({ per: 'test', mayViolate: ['archive'] });
jest.setTimeout(inTime(300_000));

let folder = '';
let objects: ReturnType<typeof storageUrls>;
let store: ObjectStore;
let archive: () => Promise<unknown>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-archive-'));
  objects = storageUrls();
  store = storeAt(objects.folder);
  archive = archiveIn(store, pools).segment;
});
afterEach(() => {
  store.close();
  objects.removeFolder();
  rmSync(folder, { recursive: true, force: true });
});

type Run = { code: number; out: string; err: string };

function operate(args: string[], settings: Record<string, string> = {}): Promise<Run> {
  const { PATH = '' } = process.env;
  const env = { PATH, DATABASE_URL: database.url, ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), 'archive', ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
const withStore = (...args: string[]) => operate(args, { STORAGE_URL: objects.folder });

test.each([
  [['make-key'], /required option '--out <file>' not specified/],
  [['keys'], /^Nobody signs the archive: set ARCHIVE_KEY_PATH or ARCHIVE_KMS_KEY\.\n$/],
  [['download', '--to', 'x'], /^There is no object store: set STORAGE_URL\.\n$/],
  [['download', '--to', 'x', '--from', '0'], /^--from must be the number of a segment\.\n$/],
  [['new-epoch', '--reason', ''], /^--reason must be a text of 1 to 500 characters\.\n$/],
  [['new-epoch', '--reason', 'x'], /^There is no object store: set STORAGE_URL\.\n$/],
])('archive %j ends with one sentence and code 1', async (args, sentence) => {
  const { code, err } = await operate(args);
  expect(err).toMatch(sentence);
  expect(code).toBe(1);
});

test('a key is made for its owner only, is never overwritten, and is printed as what verifiers pin', async () => {
  const path = join(folder, 'archive.pem');
  const { code, out } = await operate(['make-key', '--out', path], { ARCHIVE_KEY_NAME: 'example.com' });
  expect([code, out]).toEqual([0, expect.stringMatching(/^example\.com\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/)]);
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  const made = readFileSync(path, 'utf8');
  expect(await operate(['make-key', '--out', path])).toMatchObject({
    ...{ code: 1, out: '' },
    err: expect.stringMatching(/archive\.pem is there already, and no key is ever overwritten: name another file\.\n$/),
  });
  const settings = { ARCHIVE_KEY_NAME: 'example.com', ARCHIVE_KEY_PATH: path };
  expect(await operate(['make-key', '--keep', '--out', path], settings)).toMatchObject({ code: 0, out });
  expect(await operate(['keys'], settings)).toMatchObject({ code: 0, out });
  expect(readFileSync(path, 'utf8')).toBe(made);
});

test('the status is the last segment, what waits, the last copy, and what tenants were told', async () => {
  expect((await operate(['status'])).out).toMatch(/^epoch 1 since \S+: the first\nno segment is finished yet\n/);
  await archive();
  await archive();
  await pools.root.query('select ledger.note_archive_copy(1)');
  await pools.root.query(
    'insert into ledger.tenant (id, name) select gen_random_uuid(), n from generate_series(1, 2) n',
  );
  const lastRow = async () => (await operate(['status'])).out.split('\n').at(-2);
  expect(await lastRow()).toBe('no checkpoint was published to tenants');
  await pools.root.query('select ledger.publish_checkpoint(1)');
  expect(await lastRow()).toMatch(
    /^the checkpoint of segment 2 is published on \S+ to 1 tenants, and not to all of them yet$/,
  );
  for (let page = 1; page <= 2; page += 1) await pools.root.query('select ledger.publish_checkpoint(1)');
  const { code, out } = await operate(['status']);
  expect(out).toMatch(/\nsegment 2 is the last one: \d+ records, finished at \S+Z; \d+ records in all\n/);
  expect(out).toMatch(/\nthe checkpoint of segment 1 was put into the second store at \S+Z\n/);
  expect(out).toMatch(/\nthe checkpoint of segment 2 is published on \S+ to 2 tenants, all of them since \S+Z\n$/);
  expect(code).toBe(0);
});

test('a download copies every object under its name, goes on where it ended, and writes over nothing', async () => {
  await pools.root.query("select ledger.write_audit('test', null, 'test.wrote', 'x', '{}')");
  for (let n = 0; n < 3; n += 1) await archive();
  const first = await withStore('download', '--to', folder);
  const names = readdirSync(folder).toSorted();
  expect(first).toMatchObject({ code: 0, out: `${names.length} objects, ${names.length} of them new, in ${folder}\n` });
  expect(names).toEqual(expect.arrayContaining(['1-00000001.json', '1-00000001.note', '1-00000003.note']));
  rmSync(join(folder, '1-00000002.json'));
  const again = await withStore('download', '--to', folder);
  expect(again).toMatchObject({ code: 0, out: `${names.length} objects, 1 of them new, in ${folder}\n` });
  writeFileSync(join(folder, '1-00000002.json'), 'of somebody else');
  const { code, err } = await withStore('download', '--to', folder, '--from', '2');
  expect([code, err]).toEqual([1, '1-00000002.json has other bytes in the store than in the folder\n']);
  expect(readFileSync(join(folder, '1-00000002.json'), 'utf8')).toBe('of somebody else');
});

test('after a restore another epoch begins, and names what the store has of the one before', async () => {
  for (let n = 0; n < 3; n += 1) await archive();
  // The database is of a time before the second segment.
  await withoutTriggers(pools.root, async (client) => {
    await client.query('delete from ledger.archive_object where n > 1');
    await client.query('delete from ledger.archive_segment where n > 1');
  });
  const { code, out } = await withStore('new-epoch', '--reason', 'a restore to yesterday');
  const says = 'epoch 2 begins behind segment 1; segments 2 to 3 of epoch 1 are abandoned\n';
  expect([code, out]).toEqual([0, says]);
  const { rows } = await pools.root.query<{ abandoned: object }>(
    'select abandoned from ledger.archive_epoch where epoch = 2',
  );
  const checkpoint: unknown = expect.stringMatching(/^quittance\.test/);
  expect(rows[0]?.abandoned).toMatchObject({ from_n: 2, to_n: 3, checkpoint });
  await archive();
  const status = await operate(['status']);
  expect(status.out).toMatch(/^epoch 2 since \S+: a restore to yesterday\nsegment 2 is the last one/);
  const nothing = await withStore('new-epoch', '--reason', 'once more');
  expect(nothing.out).toMatch(/^epoch 3 begins behind segment 2; the store has no segment of epoch 2 that /);
});
