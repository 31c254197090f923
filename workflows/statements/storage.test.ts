import { afterEach, expect, test } from '@jest/globals';
import { keyOf } from '../../activities/statements/keys.ts';
import { startStatementRun } from '../../activities/statements/start-run.ts';
import { check } from '../../domain/check.ts';
import { sha256Of } from '../../storage/sha256.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { endMonthNow, statementsOf } from '../../test/support/harness/statement-runs.ts';
import { aDay, startOwnStorage, storeAt, testStorageUrl } from '../../test/support/harness/storage.ts';
import { statementRunId } from '../contract/ids.ts';
import { scheduleIds } from '../contract/names.ts';

/** The store is away, or has other bytes than it should. Nothing is marked ready that is not in it, and an alarm is raised. */
let platform: Platform;
afterEach(() => platform.end());

async function start(storageUrl: string | null) {
  const { alarms, raised } = listenForAlarms();
  platform = await startInProcess({ storageUrl, tamper: (deps) => ({ ...deps, alarms }) });
  const { tenantId } = platform.accounts;
  const month = await endMonthNow(platform.pools, tenantId);
  const run = () => startStatementRun(platform.client, { tenantId, month, waits: platform.waits });
  const names = () => new Set(raised.map(({ alarm }) => alarm));
  const rows = () => statementsOf(platform.pools, tenantId, month);
  return {
    tenantId,
    month,
    run,
    names,
    rows,
    handle: platform.client.workflow.getHandle(statementRunId(tenantId, month)),
  };
}

const withS3 = process.env['TEST_STORAGE_URL'] === undefined ? test.skip : test;
withS3('while the store is away statements wait, with alarms, and all are made when it is back', async () => {
  const storage = await startOwnStorage();
  check(storage, 'the S3 of the run is there, and one of our own is not');
  try {
    await storage.kill();
    const { run, names, rows, handle } = await start(storage.url);
    await run();
    await until(async () => (await rows()).some(({ tries }) => tries >= 5), 60_000);
    await until(() => names().has('storage_away') && names().has('statement_needs_attention'));
    expect((await rows()).filter(({ status }) => status === 'ready')).toEqual([]);
    await storage.start();
    expect(await handle.result()).toMatchObject({ left: 0, attention: 0 });
    expect((await rows()).map(({ status, attention_reason }) => [status, attention_reason])).toEqual(
      Array(3).fill(['ready', null]),
    );
  } finally {
    await storage.stop();
  }
});

test('without an object store statements are cut, wait as rows, and the look raises an alarm', async () => {
  const { run, names, rows, handle } = await start(null);
  await run();
  await until(async () => (await rows()).length === 3);
  await platform.client.schedule.getHandle(scheduleIds.statements).trigger();
  await until(() => names().has('storage_missing'));
  expect((await rows()).map(({ status, tries }) => [status, tries])).toEqual(Array(3).fill(['cut', 0]));
  await handle.terminate();
});

test('another document in the place of one raises an alarm at once, and the others are made', async () => {
  const { tenantId, month, run, names, rows, handle } = await start(testStorageUrl());
  const accountId = platform.accounts.ada;
  const facts = { tenantId, accountId, kind: 'monthly', number: 1, edition: 1, month } as const;
  const key = keyOf({ facts, day: null, sequenceOfDay: null }, { part: 0, format: 'json' });
  const bytes = Buffer.from('of an earlier time');
  const store = storeAt(testStorageUrl());
  const area = 'statements';
  await store.put({
    area,
    key,
    bytes,
    sha256: sha256Of(bytes),
    type: 'application/json',
    retention: aDay('governance'),
  });
  store.close();
  await run();
  await until(async () => (await rows()).filter(({ status }) => status === 'ready').length === 2);
  await until(() => names().has('statement_needs_attention'));
  expect((await rows()).map(({ attention_reason }) => attention_reason).toSorted()).toEqual([
    null,
    null,
    'other_document',
  ]);
  await handle.terminate();
});
