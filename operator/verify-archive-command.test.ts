import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { archiveTerms } from '../activities/archive/terms.ts';
import { toPublic } from '../domain/ids.ts';
import type { ObjectStore } from '../storage/port.ts';
import { type Accounts, aTransfer, createAccounts } from '../test/support/fixtures/accounts.ts';
import { type ArchiveFiles, fileOf, filesOf, folderOf } from '../test/support/fixtures/archive-files.ts';
import { archiveIn, type TestArchive } from '../test/support/fixtures/archived.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../test/support/harness/storage.ts';
import { type ArchiveOptions, verifiedArchive } from './verify-archive.ts';

/** The commands as the image runs them: processes with the settings that they need, and nothing else. */
const { database, pools, ledger } = freshLedger();
const { folder, removeFolder } = storageUrls();
// A bound for hanging processes: a test starts up to five, and a busy machine is slow.
jest.setTimeout(inTime(300_000));

let store: ObjectStore;
let archive: TestArchive;
let accounts: Accounts;
let files: ArchiveFiles;

const segments = 4;
const keys = (): string[] => archive.signers.map(({ verifierKey }) => verifierKey);
const key = (): string[] => keys().flatMap((own) => ['--key', own]);

beforeAll(async () => {
  store = storeAt(folder);
  archive = archiveIn(store, pools);
  accounts = await createAccounts(pools, ledger);
  for (let n = 1; n <= segments; n += 1) {
    await ledger.reserve(randomUUID(), aTransfer(accounts));
    await archive.settled();
    await archive.round({ terms: { ...archiveTerms, emptyAfterMs: 0, segmentsMax: 1 } });
  }
  files = await filesOf(store);
});
afterAll(() => {
  store.close();
  removeFolder();
});

function operator(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const command = [join(import.meta.dirname, 'main.ts'), ...args];
    execFile(process.execPath, command, { env: { PATH, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

test('a folder needs no setting: 0 when it is sound, 1 when it is not, 2 when that could not be found out', async () => {
  const path = folderOf(files);
  const kept = join(path, 'yesterday.txt');
  writeFileSync(kept, files.get(fileOf(2, 'note')) ?? '');
  const sound = await operator(['verify', '--archive', path, ...key(), '--checkpoint', kept]);
  expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('The archive is sound.\n4 segments with ') });
  rmSync(join(path, fileOf(2, 'slices')));
  const json = await operator(['verify', '--archive', path, ...key(), '--json']);
  expect([json.code, JSON.parse(json.out)]).toEqual([1, expect.objectContaining({ sound: false, punctual: true })]);
  rmSync(path, { recursive: true });
  const absent = await operator(['verify', '--archive', 'store', ...key()]);
  const says = expect.stringMatching(/^The archive could not be verified: .*set STORAGE_URL/);
  expect(absent).toMatchObject({ code: 2, err: says });
});

test.each<[string, Partial<ArchiveOptions>, string]>([
  ['a folder that is not there', { place: join(import.meta.dirname, randomUUID()) }, 'There is no folder'],
  ['a folder without an archive', {}, 'There is no archive in'],
  ['no key', { key: [] }, 'Name the key that you trust'],
  ['a key that is none', { key: ['a+b+c'] }, 'is no verifier key'],
  ['a tenant that is none', { tenant: 'x' }, 'is not the id of a tenant'],
  [
    "a tenant's part against the database",
    { tenant: toPublic('tenant', uuidV7()), database: true },
    'leave --tenant or',
  ],
])('with %s nothing is verified, and a sentence says why', async (_, changes, says) => {
  const options = { place: import.meta.dirname, key: keys(), ...changes };
  await expect(verifiedArchive(options)).rejects.toThrow(says);
});

test('the store and the database are asked when that is wanted, with a login that sees all tenants', async () => {
  const env = { STORAGE_URL: folder, STORAGE_RETENTION_MODE: 'governance', STORAGE_RETENTION_YEARS: '1' };
  const verify = ['verify', '--archive', 'store', ...key(), '--database'];
  const { code, out } = await operator(verify, { ...env, DATABASE_URL: database.reader });
  expect([code, out]).toEqual([0, expect.stringMatching(/^ok {6}rows +\d+ examined/m)]);
  const blind = await operator(verify, { ...env, DATABASE_URL: database.api });
  expect(blind).toMatchObject({ code: 2, err: expect.stringContaining('quittance_reader') });
});

test("a tenant's part is written, goes on where it ended, and verifies alone", async () => {
  const tenant = toPublic('tenant', accounts.tenantId);
  const to = join(folderOf(new Map()), 'part');
  const exported = ['archive', 'export', '--tenant', tenant, '--to', to];
  for (let times = 0; times < 2; times += 1)
    expect(await operator(exported, { STORAGE_URL: folder })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^4 segments, 4 of them with \d+ records/),
    });
  const verify = ['verify', '--archive', to, '--tenant', tenant, ...key()];
  const sound = await operator(verify);
  expect([sound.code, sound.out]).toEqual([0, expect.stringMatching(/^ok {6}others/m)]);
  for (const name of readdirSync(to))
    if (name.startsWith(fileOf(2, '')) && !/json|note/.test(name)) rmSync(join(to, name));
  expect(await operator(verify)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^BROKEN {2}tenants[\s\S]+first: segment 3: [\s\S]+The archive is NOT sound/m),
  });
  rmSync(dirname(to), { recursive: true });
});
