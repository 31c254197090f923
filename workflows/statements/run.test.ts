import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startStatementRun } from '../../activities/statements/start-run.ts';
import { check } from '../../domain/check.ts';
import { setStatementPace } from '../../ledger/statements/set-pace.ts';
import { documentNamedIn } from '../../statements/pdf/keyword.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { until } from '../../test/support/harness/in-time.ts';
import {
  endMonthNow,
  type MadeRow,
  madeByTheLook,
  statementsOf,
  versionsOf,
} from '../../test/support/harness/statement-runs.ts';
import { storeAt, testStorageUrl } from '../../test/support/harness/storage.ts';
import { statementRunId } from '../contract/ids.ts';
import { lookSignal, progressQuery, type StatementRunResult } from '../contract/messages.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess();
});
afterAll(() => platform.end());

const url = testStorageUrl();
const tenant = () => platform.accounts.tenantId;
const handleOf = (month: string | null) => platform.client.workflow.getHandle(statementRunId(tenant(), month));
const resultOf = async (month: string | null): Promise<StatementRunResult> => await handleOf(month).result();
const startRun = (month: string | null) =>
  startStatementRun(platform.client, { tenantId: tenant(), month, waits: platform.waits });

/** A month with a transfer, ended at this moment. */
async function aMonth(): Promise<string> {
  await platform.accept('book', [aTransfer(platform.accounts, { amount: '25' })]);
  return await endMonthNow(platform.pools, tenant());
}

/** Reads an object of a statement as the row names it, and compares its bytes with the checksum of the row. */
async function objectOf({ objects }: MadeRow, format: 'json' | 'pdf'): Promise<Uint8Array> {
  const found = objects.find(({ key }) => key.endsWith(`.${format}`));
  check(found, `a statement that is ready has a ${format}`);
  const store = storeAt(url);
  const { key, version_id: versionId, sha256 } = found;
  const read = await store.read({ area: 'statements', key, versionId, sha256 });
  store.close();
  check(read.ok, 'the version of the row is there');
  return read.value;
}

test('a month that is over is found by the look, cut, made and closed, and every object is in the store', async () => {
  const month = await aMonth();
  await madeByTheLook(platform, tenant(), month);
  expect(await resultOf(month)).toEqual({ made: 3, left: 0, attention: 0 });
  const made = await statementsOf(platform.pools, tenant(), month);
  expect(made.map(({ status, tries }) => [status, tries])).toEqual(Array(3).fill(['ready', 0]));
  for (const one of made) {
    const document = await objectOf(one, 'json');
    expect(createHash('sha256').update(document).digest('hex')).toBe(one.document);
    expect(documentNamedIn(await objectOf(one, 'pdf'))).toBe(one.document);
  }
  const { rows } = await platform.pools.root.query(
    'select status, accounts from ledger.statement_month where tenant_id = $1 and month = $2',
    [tenant(), month],
  );
  expect(rows).toEqual([{ status: 'closed', accounts: 3 }]);
  expect(await handleOf(month).query(progressQuery)).toMatchObject({
    status: 'closing',
    accounts: 3,
    ready: 3,
    left: 0,
  });
});

test('a second run of a closed month makes nothing, and no object gets a second version', async () => {
  const month = await aMonth();
  await startRun(month);
  await resultOf(month);
  const before = [await statementsOf(platform.pools, tenant()), await versionsOf(url, tenant())];
  await startRun(month);
  expect(await resultOf(month)).toEqual({ made: 0, left: 0, attention: 0 });
  expect([await statementsOf(platform.pools, tenant()), await versionsOf(url, tenant())]).toEqual(before);
});

test('a month that is paused waits, and goes on at once when its pace is given free', async () => {
  const month = await aMonth();
  const pace = async (n: number | null) =>
    setStatementPace(platform.pools.api, { tenantId: tenant(), month, pace: n, actor: 'test' });
  expect(await pace(0)).toBe(true);
  await startRun(month);
  const progress = () => handleOf(month).query(progressQuery);
  await until(async () => (await progress()).pace === 0 && (await progress()).status === 'making');
  expect((await statementsOf(platform.pools, tenant(), month)).map(({ status }) => status)).toEqual(
    Array(3).fill('cut'),
  );
  await pace(null);
  await handleOf(month).signal(lookSignal);
  expect(await resultOf(month)).toEqual({ made: 3, left: 0, attention: 0 });
});

test('a run that is cancelled leaves its rows, and the next one makes them', async () => {
  const month = await aMonth();
  await setStatementPace(platform.pools.api, { tenantId: tenant(), month, pace: 0, actor: 'test' });
  await startRun(month);
  await until(async () => (await statementsOf(platform.pools, tenant(), month)).length === 3);
  await handleOf(month).cancel();
  await expect(resultOf(month)).rejects.toThrow('cancelled');
  await setStatementPace(platform.pools.api, { tenantId: tenant(), month, pace: null, actor: 'test' });
  await startRun(month);
  expect(await resultOf(month)).toEqual({ made: 3, left: 0, attention: 0 });
});

test('months that wait are all made, each beginning where the last one ended', async () => {
  const months: string[] = [];
  for (let n = 0; n < 3; n += 1) months.push(await aMonth());
  for (const month of months) await madeByTheLook(platform, tenant(), month);
  const { rows } = await platform.pools.root.query<{ month: string; is_chained: boolean }>(
    `select month, from_seq = lag(to_seq) over numbered and opening = lag(closing) over numbered as is_chained
     from ledger.statement where account_id = $1 and kind = 'monthly' window numbered as (order by number) order by number desc limit 3`,
    [platform.accounts.ada],
  );
  expect(rows).toEqual(months.toReversed().map((month) => ({ month, is_chained: true })));
});
