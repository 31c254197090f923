import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import type { ActivityDeps } from '../../activities/index.ts';
import { aTransfer, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { archiveNext } from '../../test/support/fixtures/segments.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { storageUrls, storeAt } from '../../test/support/harness/storage.ts';
import type { ArchivingResult } from '../contract/messages.ts';
import { taskQueues, workflowTypes } from '../contract/names.ts';

/** One run of the archive on a platform, besides those of its schedule. */
let platform: Platform;
afterEach(() => platform.end());

const run = (): Promise<ArchivingResult> =>
  platform.client.workflow.execute(workflowTypes.archiving, {
    ...{ workflowId: `archiving-${randomUUID()}`, taskQueue: taskQueues.archive },
    args: [{ waits: platform.waits }],
  });

async function rows<Row extends object>(sql: string): Promise<Row[]> {
  return (await platform.pools.root.query<Row>(sql)).rows;
}

test('what was committed is put into the store, and named by a checkpoint; the next run goes on behind it', async () => {
  const tools: Pick<ActivityDeps['archive'], 'open'> = { open: null };
  platform = await startInProcess({
    tamper: (deps) => {
      tools.open = deps.archive.open;
      return deps;
    },
  });
  const transfer = aTransfer(platform.accounts, { amount: '1' });
  await platform.accept('book', [transfer]);
  await platform.settled([transfer.id]);
  const isArchived = 'select 1 from ledger.archive_tenant where tenant_id in (select tenant_id from ledger.transfer)';
  // Other tests' transactions may be behind the horizon for a while.
  await until(async () => {
    await run();
    const waiting = await rows<{ ms: number }>("select (ledger.backlog() #>> '{archive,oldest_ms}')::int as ms");
    return waiting[0]?.ms === 0 && (await rows(isArchived)).length === 1;
  });
  const [last] = await rows<{ key: string; versionId: string; sha256: string; text: string }>(
    `select o.key, o.version_id as "versionId", encode(o.sha256, 'hex') as sha256, s.checkpoint as text from ledger.archive_segment s
      join ledger.archive_object o on o.n = s.n and o.format = 'checkpoint' where s.status = 'finished' order by s.n desc limit 1`,
  );
  const { text, ...at } = last ?? { text: '', key: '', versionId: '', sha256: '' };
  const opened = await tools.open?.();
  const read = await opened?.store.read({ area: 'audit', ...at });
  expect(read?.ok && Buffer.from(read.value).toString()).toBe(text);
  expect(text).toMatch(/^quittance\.test\/archive\/1\n\d+\n/);
  expect(await rows("select 1 from ledger.upkeep_run where name = 'archive'")).toHaveLength(1);
  expect(await rows('select n from ledger.archive_segment group by n having count(*) > 1')).toEqual([]);
});

test('every tenant is told the newest checkpoint, by which run it may be', async () => {
  platform = await startInProcess();
  const counted = () =>
    rows<{ tenants: number; events: number; all: number }>(
      `select count(distinct tenant_id)::int as tenants, count(*)::int as events, (select count(*)::int from ledger.tenant) as all
       from ledger.event where subject_type = 'checkpoint'`,
    );
  // Two at once, and that of the schedule.
  await until(async () => {
    await Promise.all([run(), run()]);
    return (await rows('select 1 from ledger.archive_publication where finished_at is not null')).length > 0;
  });
  const [counts] = await counted();
  expect(counts?.all).toBeGreaterThan(0);
  expect(counts).toEqual({ tenants: counts?.all, events: counts?.all, all: counts?.all });
});

test('the newest checkpoint goes into the second store', async () => {
  const { folder, removeFolder } = storageUrls();
  const copies = storeAt(folder);
  platform = await startInProcess({
    tamper: (deps) => ({ ...deps, archive: { ...deps.archive, openCopy: () => copies } }),
  });
  const isCopied = async () =>
    (await rows('select 1 from ledger.archive_segment where copied_at is not null')).length > 0;
  // The run of the schedule may be first.
  await until(async () => (await run()).copied !== null || (await isCopied()));
  const { versions } = await copies.versions({ area: 'audit', prefix: '' });
  expect(versions.map(({ key }) => key)[0]).toMatch(/^1-\d{8}\.note$/);
  copies.close();
  removeFolder();
});

test('without an object store or a key nothing is archived: the run says so, and the sweep says how long things wait', async () => {
  const { alarms, raised } = listenForAlarms();
  platform = await startInProcess({
    tamper: (deps) => ({ ...deps, alarms, archive: { ...deps.archive, open: null } }),
  });
  const names = () => new Set(raised.map(({ alarm }) => alarm));
  expect(await run()).toEqual({ segments: 0, records: 0, copied: null, published: 0 });
  expect(names().has('archive_tools_missing')).toBe(true);
  // Somebody has looked, so nobody is missed.
  expect(await rows("select 1 from ledger.upkeep_run where name = 'archive'")).toHaveLength(1);
  await withoutTriggers(platform.pools.root, async (client) => {
    await client.query("update ledger.audit set created_at = created_at - interval '16 minutes'");
  });
  await until(() => names().has('archive_behind'));
});

test('the sweep says when no checkpoint was published for long, whatever the archive says', async () => {
  const { alarms, raised } = listenForAlarms();
  platform = await startInProcess({
    tamper: (deps) => ({ ...deps, alarms, archive: { ...deps.archive, open: null } }),
  });
  await archiveNext(platform.pools, { emptyAfterMs: 0 });
  const isPublished = async () =>
    (await rows('select 1 from ledger.archive_publication where finished_at is not null')).length > 0;
  await until(async () => (await run()).published > 0 || (await isPublished()));
  const names = () => new Set(raised.map(({ alarm }) => alarm));
  expect(names().has('archive_publication_late')).toBe(false);
  // The day is still the same, so it is not published again.
  await withoutTriggers(platform.pools.root, async (client) => {
    await client.query("update ledger.archive_publication set finished_at = finished_at - interval '27 hours'");
  });
  await until(() => names().has('archive_publication_late'));
});
