import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { noticeTerms } from '../../activities/notices/terms.ts';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { createEndpoint } from './create-webhook-endpoint.ts';
import { dueNotices } from './due.ts';
import { observeEndpoint } from './observe-endpoint.ts';
import { overdueEndpoints } from './overdue.ts';

// What a clock leaves that ran thirty days ahead for a moment and was set back.
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
let endpointId: string;
beforeEach(async () => {
  const endpoint = anEndpoint(accounts);
  endpointId = endpoint.id;
  await createEndpoint(pools.api, endpoint);
});

const set = (what: string) =>
  pools.root.query(`update ledger.webhook_endpoint set ${what} where id = $1`, [endpointId]);
const isOverdue = async () => (await overdueEndpoints(pools.worker, 0, 500)).includes(endpointId);
const due = () => dueNotices(pools.worker, endpointId, 10);
const aNotice = async (inTime: string) => {
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await pools.root.query(`update ledger.notice_due set next_at = now() + interval '${inTime}' where endpoint_id = $1`, [
    endpointId,
  ]);
};

test('a notice that waits for longer than any retry is due at the next look of the sweep', async () => {
  await aNotice('30 days');
  expect((await due()).notices).toEqual([]);
  await isOverdue();
  expect(await isOverdue()).toBe(true);
  expect((await due()).notices).toHaveLength(1);
});

test('one that waits for its next try, however long that is, is left alone', async () => {
  await aNotice('28 hours');
  await isOverdue();
  expect(await isOverdue()).toBe(false);
  expect((await due()).notices).toEqual([]);
});

test('a pause that is longer than any is over: notices are sent, and new ones wake the delivery', async () => {
  await set("pauses = 1, paused_until = now() + interval '30 days'");
  await aNotice('-1 minute');
  expect(await isOverdue()).toBe(true);
  expect((await due()).endpoint).toMatchObject({ pausedMs: 0, wasDown: true });
  const { rows } = await pools.root.query<{ woken: string[] }>(
    'select ledger.pause_of(paused_until, now()) is null as woken from ledger.webhook_endpoint where id = $1',
    [endpointId],
  );
  expect(rows).toEqual([{ woken: true }]);
});

test('a pause that an endpoint asked for is one', async () => {
  await set("pauses = 1, paused_until = now() + interval '1 hour'");
  await aNotice('-1 minute');
  expect(await isOverdue()).toBe(false);
  expect((await due()).endpoint?.pausedMs).toBeGreaterThan(0);
});

test('a failure that began ahead begins now, so that it can end', async () => {
  await set("failing_since = now() + interval '30 days'");
  const terms = { firstMs: 1_000, maxMs: 5_000 };
  await observeEndpoint(pools.worker, { endpointId, delivered: 0, isDown: true, askedMs: 0 }, terms);
  const { rows } = await pools.root.query(
    'select failing_since <= clock_timestamp() as began from ledger.webhook_endpoint where id = $1',
    [endpointId],
  );
  expect(rows).toEqual([{ began: true }]);
});

test('the longest waits of the database are longer than those of the program', async () => {
  const { rows } = await pools.root.query<{ notice: number; pause: number }>(
    `select extract(epoch from ledger.longest_notice_wait())::int * 1000 as notice,
      extract(epoch from ledger.longest_pause())::int * 1000 as pause`,
  );
  // A fifth more by chance.
  expect(rows[0]?.notice).toBeGreaterThan(Math.max(...noticeTerms.retryMs) * 1.2);
  expect(rows[0]?.pause).toBeGreaterThan(Math.max(noticeTerms.retryAfterMaxMs, defaultWaits.deliveryPauseMaxMs));
});
