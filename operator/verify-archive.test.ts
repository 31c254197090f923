import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { archiveTerms } from '../activities/archive/terms.ts';
import { canonical, sha256Of } from '../archive/canonical.ts';
import { createRowChecks } from '../archive-verification/database/row-checks.ts';
import { storeSource } from '../archive-verification/store-source.ts';
import { toPublic } from '../domain/ids.ts';
import { makeBuckets } from '../local/servers/storage.ts';
import type { ObjectStore } from '../storage/port.ts';
import { type Accounts, aTransfer, createAccounts } from '../test/support/fixtures/accounts.ts';
import { type ArchiveFiles, fileOf, filesOf, flipped, without } from '../test/support/fixtures/archive-files.ts';
import { archiveIn, type TestArchive } from '../test/support/fixtures/archived.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { aSigner } from '../test/support/fixtures/made-archive.ts';
import { type Forgery, rewritten } from '../test/support/fixtures/rewritten-archive.ts';
import { endMonth, makeAll } from '../test/support/fixtures/statements.ts';
import { brokenIn } from '../test/support/fixtures/verified-archive.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { rawClient, storageUrls, storeAt } from '../test/support/harness/storage.ts';

/** A real archive of sixty segments, and what somebody did to a copy of it. */
const { pools, ledger } = freshLedger();
const { folder, s3, removeFolder } = storageUrls();
const until = new Date(Date.now() + 400 * 86_400_000);
// A bound for hanging processes: making it takes some seconds, and a busy machine is slow.
jest.setTimeout(inTime(300_000));

let store: ObjectStore;
let archive: TestArchive;
let accounts: Accounts;
let others: Accounts;
let files: ArchiveFiles;
let last = 0;

const terms = { ...archiveTerms, emptyAfterMs: 0, segmentsMax: 1 };
/** A segment in the middle that has records, the checkpoint of the day before, and the newest one. */
const middle = 30;
const textOf = (name: string): string => Buffer.from(files.get(name) ?? []).toString();
const yesterday = (): string => textOf(fileOf(last - 2, 'note'));

beforeAll(async () => {
  store = storeAt(folder);
  archive = archiveIn(store, pools);
  accounts = await createAccounts(pools, ledger);
  others = await createAccounts(pools, ledger);
  const { tenantId } = accounts;
  await makeAll(pools, { tenantId, month: await endMonth(pools, accounts) });
  const { root } = pools;
  await root.query(
    `insert into ledger.archive_access (id, tenant_id, minute, actor, subject_type, subject_id, count)
     values ($1, $2, date_trunc('minute', now()), 'test', 'balance', $3, 2)`,
    [uuidV7(), tenantId, accounts.ada],
  );
  await root.query(
    `insert into ledger.archive_refused_sign_in (id, window_at, reason, last4, source_hash, count, first_at, last_at)
     values ($1, now(), 'unknown_key', 'x7Qz', sha256('x'), 3, now(), now())`,
    [uuidV7()],
  );
  for (let n = 1; n <= 60; n += 1) {
    await ledger.reserve(
      randomUUID(),
      aTransfer(n % 3 === 0 ? others : accounts, { amount: '1', description: `Rent ${n}` }),
    );
    await archive.settled();
    await archive.round({ terms });
  }
  files = await filesOf(store);
  last = [...files.keys()].filter((name) => name.endsWith('.note')).length;
  expect([archive.raised, last]).toEqual([[], 60]);
});
afterAll(() => {
  store.close();
  removeFolder();
});

test('what was archived is sound, also against the rows and a checkpoint from outside', async () => {
  const client = await pools.reader.connect();
  try {
    const rows = await createRowChecks(client);
    expect(
      await brokenIn({ files, trusts: archive.signers, rows, outside: [yesterday(), textOf(fileOf(last, 'note'))] }),
    ).toEqual({});
  } finally {
    client.release();
  }
});

describe('done to a copy', () => {
  const swapped = (suffix: string) => {
    const [one, two] = [fileOf(middle, suffix), fileOf(middle + 1, suffix)];
    const bytes = (name: string) => files.get(name) ?? Buffer.alloc(0);
    return new Map([...files, [one, bytes(two)], [two, bytes(one)]]);
  };
  const edited = () => {
    const name = fileOf(middle, 'json');
    const text = textOf(name).replace(/"to_xid":"(\d)/, '"to_xid":"9$1');
    return new Map([...files, [name, Buffer.from(text)]]);
  };
  const lost = (name: string) => new Map([...files].filter(([key]) => key !== name));

  test.each<[string, () => ArchiveFiles, Record<string, RegExp>]>([
    [
      'one bit of records',
      () => flipped(files, { name: fileOf(middle, 'jsonl.gz'), bit: 801 }),
      { segments: /^segment 30: / },
    ],
    [
      'one bit of slices',
      () => flipped(files, { name: fileOf(middle, 'slices'), bit: 801 }),
      { slices: /^segment 30: / },
    ],
    [
      'one bit of a checkpoint',
      () => flipped(files, { name: fileOf(middle, 'note'), bit: 801 }),
      { checkpoints: /^segment 30: / },
    ],
    [
      'the records of a segment are gone',
      () => lost(fileOf(middle, 'jsonl.gz')),
      { segments: /^segment 30: its records are missing/ },
    ],
    ['the records of two are swapped', () => swapped('jsonl.gz'), { segments: /^segment 30: / }],
    [
      'the manifests of two are swapped',
      () => swapped('json'),
      { manifests: /^segment 30: its manifest is that of segment 31/ },
    ],
    ['a manifest is edited', edited, { ranges: /^segment 31: /, checkpoints: /^segment 30: / }],
    [
      'all of one segment is removed',
      () => without(files, middle),
      {
        manifests: /^segment 31: number 30 is missing/,
        ranges: /^segment 31: /,
        tenants: /^segment 3\d: /,
        checkpoints: /^segment 31: /,
      },
    ],
  ])('%s: found, with its number', async (_, tampered, found) => {
    const broken = await brokenIn({ files: tampered(), trusts: archive.signers });
    for (const [name, form] of Object.entries(found)) expect(broken).toHaveProperty(name, expect.stringMatching(form));
  });

  const tail = () => without(files, last - 2, last - 1, last);
  /** One cent more in an entry in the middle, and everything behind it made to agree. */
  const forged = (change: Partial<Forgery> = {}) =>
    rewritten(files, {
      signers: archive.signers,
      rows: (rows, { n }) => (n === middle ? rows.map((row) => row.replace('"amount":"1"', '"amount":"2"')) : rows),
      ...change,
    });

  test('the last three segments are removed: found only with a checkpoint from outside', async () => {
    expect(await brokenIn({ files: tail(), trusts: archive.signers })).toEqual({});
    const outside = [textOf(fileOf(last, 'note'))];
    expect(await brokenIn({ files: tail(), trusts: archive.signers, outside })).toEqual({
      outside: `kept-1: it signs ${last} manifests, and epoch 1 of this archive ends at ${last - 3}`,
    });
  });

  test('everything is rewritten with another key: found', async () => {
    expect(await brokenIn({ files: await forged({ signers: [aSigner()] }), trusts: archive.signers })).toEqual({
      checkpoints: `segment ${last} is the newest one, and no key that is trusted signed it`,
    });
  });

  test('everything is rewritten with our own key: found only with a checkpoint from outside', async () => {
    expect(await brokenIn({ files: await forged(), trusts: archive.signers })).toEqual({});
    expect(await brokenIn({ files: await forged(), trusts: archive.signers, outside: [yesterday()] })).toEqual({
      outside: expect.stringContaining('this archive has another history'),
    });
  });

  test('a gap in time of more than 65 minutes is found, and one of 60 minutes is none', async () => {
    const later = (minutes: number) =>
      forged({
        rows: (rows) => rows,
        manifest: (own) =>
          own.n < middle
            ? own
            : { ...own, begun_at: new Date(Date.parse(own.begun_at) + minutes * 60_000).toISOString() },
      });
    expect(await brokenIn({ files: await later(60), trusts: archive.signers })).toEqual({});
    expect(await brokenIn({ files: await later(66), trusts: archive.signers })).toEqual({
      times: expect.stringMatching(/^segment 30: /),
    });
  });

  test('a slice of a tenant is left out, and everything else agrees: found', async () => {
    const tenant = toPublic('tenant', accounts.tenantId);
    const rows = (all: string[], slice: { n: number; tenant: string | null }) =>
      slice.n === middle + 1 && slice.tenant === tenant
        ? all.map((row) => row.replace(tenant, toPublic('tenant', others.tenantId)))
        : all;
    expect(await brokenIn({ files: await forged({ rows }), trusts: archive.signers })).toHaveProperty('records');
    const kept = JSON.parse(textOf(fileOf(middle + 1, 'slices'))) as { tenant: string | null }[];
    const fewer = canonical(kept.filter((slice) => slice.tenant !== tenant));
    const cut = new Map([...files, [fileOf(middle + 1, 'slices'), Buffer.from(fewer)]]);
    expect(await brokenIn({ files: cut, trusts: archive.signers })).toMatchObject({
      slices: expect.stringMatching(/^segment 31: /),
      tenants: expect.stringMatching(/^segment 3\d: slice of tn_.*: it names that in segment 31 before it/),
    });
  });
});

describe('in the database', () => {
  const inRange = `b.xid >= (select min(from_xid) from ledger.archive_segment where n = ${middle}) and b.xid < (select max(to_xid) from ledger.archive_segment where n = ${middle})`;
  const ofBatch = `(select b.id from ledger.batch b where ${inRange} order by b.id limit 1)`;

  test.each([
    [
      'a posting',
      `update ledger.posting set amount = amount + 1, signed = signed + sign(signed)::bigint where entry_id in (select id from ledger.entry where batch_id = ${ofBatch})`,
      { rows: /entry en_.*another legs/ },
    ],
    [
      'the effective time of an entry',
      `update ledger.entry set effective_at = effective_at - interval '1 day' where batch_id = ${ofBatch}`,
      { rows: /entry en_.*another effective_at/ },
    ],
    [
      'the tenant of an event',
      `update ledger.event set tenant_id = gen_random_uuid() where batch_id = ${ofBatch}`,
      { rows: /event ev_.*another tenant/ },
    ],
    [
      'evidence of an event',
      `update ledger.event set evidence = jsonb_set(evidence, '{entry_id}', to_jsonb(gen_random_uuid()::text)) where batch_id = ${ofBatch} and evidence ? 'entry_id'`,
      { rows: /event ev_.*another evidence/ },
    ],
    [
      'a transaction',
      `update ledger.batch b set xid = (select from_xid from ledger.archive_segment where n = 10) where ${inRange}`,
      { rows: /has no record/, rowless: /of a row that the database has not/ },
    ],
    [
      'who did an act',
      "update ledger.audit set actor = 'somebody' where id = (select id from ledger.audit order by created_at limit 1)",
      { rows: /act au_.*another actor/ },
    ],
    [
      'the figures of a statement',
      'update ledger.statement set count_in = count_in - 1, count_out = count_out + 1 where count_in > 0',
      { rows: /statement st_.*another count_(in|out)/ },
    ],
    ['how often somebody read', 'update ledger.archive_access set count = 9', { rows: /access .*another count/ }],
    [
      'why somebody was refused',
      "update ledger.archive_refused_sign_in set reason = 'other'",
      { rows: /sign_in_refused .*another reason/ },
    ],
    [
      'a text that was not there',
      "update ledger.entry set description = 'x' where description is null",
      { rows: /entry en_.*another text, or more evidence/ },
    ],
  ])('%s was changed: found', async (_, sql, found) => {
    const broken = await brokenAfter(sql);
    for (const [name, form] of Object.entries(found)) expect(broken).toHaveProperty(name, expect.stringMatching(form));
  });

  test('an entry was removed, and an act added to a time that is archived: found', async () => {
    expect(await brokenAfter(`delete from ledger.entry where batch_id = ${ofBatch}`)).toEqual({
      rowless: expect.stringMatching(/^segment 30: entry en_.* is of a row that the database has not/),
    });
    const act = `insert into ledger.audit (id, actor, action, subject, detail, created_at, xid)
      select gen_random_uuid(), 'x', 'x', 'x', '{}', now(), from_xid from ledger.archive_segment where n = ${middle}`;
    expect(await brokenAfter(act)).toEqual({
      rows: expect.stringMatching(/^segment 30: act au_.* is in the database, and has no record/),
    });
  });

  test('rows that were removed are no fault, where as many are missing as the database counts', async () => {
    const removed = (difference: number) => `
      with accesses as (delete from ledger.archive_access returning xid),
        sign_ins as (delete from ledger.archive_refused_sign_in returning xid)
      update ledger.archive_segment segment set removed = lost.rows + ${difference}
      from (
        select its.n, count(*) as rows
        from (select xid from accesses union all select xid from sign_ins) gone
        join ledger.archive_segment its on gone.xid >= its.from_xid and gone.xid < its.to_xid
        group by its.n
      ) lost where lost.n = segment.n`;
    expect(await brokenAfter(removed(0))).toEqual({});
    for (const difference of [1, -1])
      expect(await brokenAfter(removed(difference))).toEqual({
        rowless: expect.stringMatching(
          / rows were removed of it, and \d+ are not there| of a row that the database has not/,
        ),
      });
  });

  test('the archive has fewer segments than it knows, or others: found', async () => {
    expect(await brokenAfter('select 1', without(files, last))).toEqual({
      known: `the archive ends at segment ${last - 1}, and the database knows ${last}`,
    });
    expect(await brokenAfter("update ledger.archive_segment set manifest_sha256 = sha256('x') where n = 30")).toEqual({
      known: 'segment 30: the database knows it with another manifest',
    });
  });

  /** What is found after a change that no role of ours may make, which is taken back. */
  async function brokenAfter(sql: string, own: ArchiveFiles = files): Promise<Record<string, string>> {
    const client = await pools.root.connect();
    try {
      await client.query("begin; set local session_replication_role = 'replica'; set local timezone = 'UTC'");
      await client.query(sql);
      return await brokenIn({ files: own, trusts: archive.signers, rows: await createRowChecks(client) });
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
});

describe('in the store', () => {
  const kept = { mode: 'governance', years: 1 } as const;
  const broken = (keeping: Parameters<typeof storeSource>[1] = kept) =>
    brokenIn({ files, trusts: archive.signers, source: storeSource(store, keeping) });

  test('each object has one version, which is kept for as long as the settings say', async () => {
    expect(await broken()).toEqual({});
    expect(await broken({ mode: 'compliance', years: 1 })).toEqual({
      kept: expect.stringMatching(/^segment 1: its \w+ is locked in governance mode only/),
    });
    expect(await broken({ mode: 'governance', years: 2 })).toEqual({
      kept: expect.stringMatching(/^segment 1: its \w+ is locked until .*, and not /),
    });
  });

  test('a second version of an object is found', async () => {
    const area = join(fileURLToPath(folder), 'audit');
    const own = `${fileOf(middle, 'json')}.object`;
    const facts = readdirSync(join(area, own)).find((name) => name.endsWith('.json')) ?? '';
    const second = join(area, own, `${randomUUID()}.json`);
    cpSync(join(area, own, facts), second);
    cpSync(join(area, own, facts.slice(0, -'.json'.length)), second.slice(0, -'.json'.length));
    const found = await broken();
    for (const path of [second, second.slice(0, -'.json'.length)]) rmSync(path, { force: true });
    expect(found).toHaveProperty('versions', `segment 30: ${fileOf(middle, 'json')} has a second version`);
  });

  (s3 === null ? test.skip : test)(
    'in S3 the oldest version is read, and that others wrote or deleted one is found',
    async () => {
      const prefix = `t${randomBytes(6).toString('hex')}`;
      await makeBuckets(s3 ?? '', prefix);
      const own = storeAt(s3 ?? '', {}, { prefix });
      const first = [...files].filter(([name]) => name < fileOf(6, ''));
      const type = 'application/octet-stream';
      for (const [key, bytes] of first)
        await own.put({
          area: 'audit',
          key,
          bytes,
          sha256: sha256Of(bytes),
          type,
          retention: { mode: 'governance', until },
        });
      const look = () => brokenIn({ files, trusts: archive.signers, source: storeSource(own, kept) });
      expect(await look()).toEqual({});
      const raw = rawClient(s3 ?? '');
      const at = (n: number) => ({ Bucket: `${prefix}-audit`, Key: fileOf(n, 'json') });
      await raw.send(new PutObjectCommand({ ...at(2), Body: 'others' }));
      await raw.send(new DeleteObjectCommand(at(3)));
      expect(await look()).toEqual({ versions: `segment 2: ${fileOf(2, 'json')} has a second version` });
      raw.destroy();
      own.close();
    },
  );
});
