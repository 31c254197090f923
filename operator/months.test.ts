import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { archiveTerms } from '../activities/archive/terms.ts';
import { createRowChecks } from '../archive-verification/database/row-checks.ts';
import type { ObjectStore } from '../storage/port.ts';
import { filesOf } from '../test/support/fixtures/archive-files.ts';
import { archiveIn, type TestArchive } from '../test/support/fixtures/archived.ts';
import { aDetachableMonth, firstMonth } from '../test/support/fixtures/detached.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { monthsAgo } from '../test/support/fixtures/old-book.ts';
import { brokenIn } from '../test/support/fixtures/verified-archive.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../test/support/harness/storage.ts';
import { detachWhole } from './detach-month.ts';

/** The commands as the image runs them, over a book with a real archive. */
const { database, pools, ledger } = freshLedger();
const { folder, removeFolder } = storageUrls();
// A bound for hanging processes: a test starts up to five, and a busy machine is slow.
jest.setTimeout(inTime(300_000));
const [month, following] = [monthsAgo(firstMonth), monthsAgo(firstMonth - 1)];
let store: ObjectStore;
let archive: TestArchive;

beforeAll(async () => {
  store = storeAt(folder);
  archive = archiveIn(store, pools);
  await aDetachableMonth({ pools, ledger }, async () => {
    await archive.settled();
    await archive.round({ terms: { ...archiveTerms, emptyAfterMs: 0 } });
  });
}, inTime(180_000));
afterAll(() => {
  store.close();
  removeFolder();
});

function operator(
  args: string[],
  more: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const env = { PATH, DATABASE_URL: database.url, ...more };
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

type Finding = { name: string; examined: string; breaches: string; witness: string | null };

/** What is found when the archive is compared with the database. */
async function findingsOf(): Promise<Map<string, Finding>> {
  const env = { STORAGE_URL: folder, STORAGE_RETENTION_MODE: 'governance', STORAGE_RETENTION_YEARS: '1' };
  const keys = archive.signers.flatMap(({ verifierKey }) => ['--key', verifierKey]);
  const verify = ['verify', '--archive', 'store', ...keys, '--database', '--json'];
  const { out } = await operator(verify, { ...env, DATABASE_URL: database.reader });
  const { findings }: { findings: Finding[] } = JSON.parse(out);
  return new Map(findings.map((finding) => [finding.name, finding]));
}

test('months are listed, with why those that are attached may not be detached', async () => {
  const { code, out } = await operator(['months', 'list']);
  expect(code).toBe(0);
  expect(out).toContain(
    `${month}  attached; may be detached\n${following}  attached\n  not_oldest: an older month is attached;`,
  );
  expect(
    out
      .split('\n')
      .filter((row) => /^\d{4}-\d{2} /.test(row))
      .at(-1),
  ).toMatch(new RegExp(`^${monthsAgo(0)} `));
});

test.each([
  [['months', 'detach', 'soon'], '"soon" is not a month such as 2026-10.'],
  [['months', 'detach', monthsAgo(1)], 'too_young'],
  [['months', 'detach', following], 'not_oldest'],
  [['months', 'detach', month, '--keep', '2'], '--keep must be a whole number from 3 on.'],
  [['months', 'detach', month, '--keep', '40'], 'too_young'],
])('%s is refused', async (args, says) => {
  const { code, err } = await operator(args);
  expect([code, err]).toEqual([1, expect.stringContaining(says)]);
});

test("a clock of the database that is far from the operator's detaches nothing", async () => {
  const ahead = detachWhole(pools.root, { month, keep: 3, now: () => Date.now() - 31 * 86_400_000 });
  await expect(ahead).rejects.toThrow(/the database's clock is 2\d{6} seconds ahead/);
  const behind = detachWhole(pools.root, { month, keep: 3, now: () => Date.now() + 120_000 });
  await expect(behind).rejects.toThrow(/the database's clock is 1\d\d seconds behind/);
  expect((await operator(['months', 'list'])).out).toContain(`${month}  attached; may be detached`);
});

test('two operators at once detach a month once, and its archive is verified without its rows', async () => {
  expect((await findingsOf()).get('detached')).toMatchObject({ examined: '0', breaches: '0' });
  const client = await pools.reader.connect();
  const begunBefore = await createRowChecks(client);
  const both = await Promise.all([operator(['months', 'detach', month]), operator(['months', 'detach', month])]);
  expect(both.map(({ code, err }) => [code, err])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  // A verification that had begun with the month attached.
  const files = await filesOf(store);
  expect(await brokenIn({ files, trusts: archive.signers, rows: begunBefore })).toEqual({});
  client.release();
  expect((await operator(['months', 'detach', month])).out).toBe(`${month} is detached already\n`);
  expect((await operator(['months', 'list'])).out).toMatch(new RegExp(`^${month}  detached at .*Z\n`));
  const findings = await findingsOf();
  for (const [name, { breaches, witness }] of findings) expect([name, breaches, witness]).toEqual([name, '0', null]);
  expect(findings.get('detached')?.examined).toBe('2');
  expect(Number(findings.get('rowless')?.examined)).toBeGreaterThan(0);
});

test('an archive that has an entry less than a detached month had is found', async () => {
  const change = (by: number) =>
    pools.root.query(
      `begin; set local session_replication_role = replica; update ledger.detached_month set entries = entries + ${by}; commit`,
    );
  await change(1);
  const found = (await findingsOf()).get('detached');
  await change(-1);
  expect(found).toMatchObject({ breaches: '1', witness: expect.stringContaining('rows of the kind entry') });
});

test('a month is attached again, by a command too', async () => {
  expect(await operator(['months', 'attach', month])).toMatchObject({ code: 0, out: `${month} is attached\n` });
  expect(await operator(['months', 'attach', month])).toMatchObject({ code: 0, out: `${month} is attached\n` });
  const findings = await findingsOf();
  for (const [name, { breaches, witness }] of findings) expect([name, breaches, witness]).toEqual([name, '0', null]);
});
