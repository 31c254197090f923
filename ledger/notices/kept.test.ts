import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { boundKeptNotices } from './bound-kept.ts';
import { createEndpoint } from './create-webhook-endpoint.ts';
import { disableEndpoint } from './disable.ts';
import { dueNotices } from './due.ts';
import { observeEndpoint } from './observe-endpoint.ts';
import { overdueEndpoints } from './overdue.ts';
import { restartNotices } from './restart.ts';

/** What is kept for a disabled endpoint, and how much. */
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
let endpointId: string;

beforeEach(async () => {
  const endpoint = anEndpoint(accounts);
  endpointId = endpoint.id;
  await createEndpoint(pools.api, endpoint);
});

const transfer = () => ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }));
const kept = async (): Promise<number> =>
  (await pools.root.query('select count(*)::int as n from ledger.notice_due where endpoint_id = $1', [endpointId]))
    .rows[0].n;
const disable = () => disableEndpoint(pools.worker, { endpointId, reason: 'It answered 410.' });

test('a disabled endpoint keeps what was due and what comes, until it holds 100,000', async () => {
  await transfer();
  expect(await disable()).toBe(true);
  await transfer();
  expect(await kept()).toBe(2);
  await fill(100_000);
  await boundKeptNotices(pools.worker, 20);
  expect(await kept()).toBe(100_002);
  await transfer();
  expect(await kept()).toBe(100_002);
  const { rows } = await pools.root.query(
    'select disabled_reason as reason from ledger.webhook_endpoint where id = $1',
    [endpointId],
  );
  expect(rows[0].reason).toMatch(
    /^It answered 410\. Since \d{4}-\d\d-\d\d \d\d:\d\d UTC further events make no notices for it: 100,000 wait\.$/,
  );
});

test('after 30 days nothing more is kept, and what was is deleted, a bounded number at a time', async () => {
  await disable();
  await fill(12_000);
  await pools.root.query(
    "update ledger.webhook_endpoint set disabled_at = now() - interval '31 days', kept_until = now() - interval '1 day' where id = $1",
    [endpointId],
  );
  await transfer();
  expect(await kept()).toBe(12_000);
  expect(await boundKeptNotices(pools.worker, 20)).toBe(10_000);
  expect(await boundKeptNotices(pools.worker, 20)).toBe(2_000);
  expect(await kept()).toBe(0);
});

test('an endpoint that started over is not disabled, or paused, for what was seen before', async () => {
  const down = { endpointId, delivered: 0, isDown: true, askedMs: 0 };
  const terms = { firstMs: 1_000, maxMs: 5_000 };
  const pauses: number[] = [];
  for (let n = 0; n < 5; n += 1) pauses.push((await observeEndpoint(pools.worker, down, terms)).waitMs);
  expect(pauses).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  await pools.root.query('update ledger.webhook_endpoint set is_restarting = true where id = $1', [endpointId]);
  expect(await disable()).toBe(false);
  expect(await observeEndpoint(pools.worker, down, terms)).toEqual({ waitMs: 0, failingMs: 0 });
  expect((await dueNotices(pools.worker, endpointId, 1)).endpoint).toMatchObject({
    status: 'enabled',
    isRestarting: true,
  });
});

test('an endpoint that starts over is woken, even when no notice of it is among those that a sweep looks at', async () => {
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).not.toContain(endpointId);
  await pools.root.query('update ledger.webhook_endpoint set is_restarting = true where id = $1', [endpointId]);
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).toContain(endpointId);
  expect(await restartNotices(pools.worker, endpointId, 10)).toBe(false);
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).not.toContain(endpointId);
});

test('anything delivered ends a failure, and a wait that was asked for pauses without one', async () => {
  const terms = { firstMs: 1_000, maxMs: 5_000 };
  await observeEndpoint(pools.worker, { endpointId, delivered: 0, isDown: true, askedMs: 0 }, terms);
  const busy = { endpointId, delivered: 1, isDown: false, askedMs: 60_000 };
  expect(await observeEndpoint(pools.worker, busy, terms)).toEqual({ waitMs: 60_000, failingMs: 0 });
  expect((await dueNotices(pools.worker, endpointId, 1)).endpoint).toMatchObject({ isFailing: false, wasDown: false });
});

const fill = (count: number) =>
  pools.root.query(
    `insert into ledger.notice_due (endpoint_id, event_id, tenant_id, subject_type, subject_id, version, next_at, event_at)
     select $1, gen_random_uuid(), $2, 'transfer', gen_random_uuid(), 1, now(), now() from generate_series(1, $3)`,
    [endpointId, accounts.tenantId, count],
  );
