import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { anEndpoint, aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { sent } from '../../test/support/fixtures/sends.ts';
import { changeEndpoint } from './change-webhook-endpoint.ts';
import { createEndpoint } from './create-webhook-endpoint.ts';
import { deleteEndpoint } from './delete-webhook-endpoint.ts';
import { dueNotices } from './due.ts';
import { overdueEndpoints } from './overdue.ts';
import { type Settlement, settleNotice } from './settle.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
let endpointId: string;

beforeEach(async () => {
  const endpoint = anEndpoint(accounts);
  endpointId = endpoint.id;
  await createEndpoint(pools.api, endpoint);
});

const due = () => dueNotices(pools.worker, endpointId, 100);
const settle = (notice: { subjectId: string; version: number }, fields: Partial<Settlement> = {}) =>
  settleNotice(pools.worker, {
    id: uuidV7(),
    endpointId,
    subjectId: notice.subjectId,
    version: notice.version,
    tryN: 1,
    outcome: 'delivered',
    status: 200,
    error: null,
    tookMs: 12,
    nextInMs: null,
    ...fields,
  });

test('an endpoint that has nothing waits for nothing, and one that is nowhere is null', async () => {
  expect(await due()).toMatchObject({
    endpoint: { status: 'enabled', tenantId: accounts.tenantId },
    notices: [],
    waitMs: null,
  });
  expect(await dueNotices(pools.worker, randomUUID(), 10)).toEqual({ endpoint: null, notices: [], waitMs: null });
});

test('notices of a transfer are sent in order: the second event waits until the first is settled, other transfers do not', async () => {
  const send = await sent(ledger, accounts);
  await ledger.conclude({
    ...send,
    source: 'reply',
    outcome: 'accepted',
    code: 'ACSC',
    railReference: send.transferId,
  });
  const other = aTransfer(accounts);
  await ledger.reserve(randomUUID(), other);
  const first = await due();
  expect(first.notices.map(({ subjectId, version }) => [subjectId, version]).sort()).toEqual(
    [
      [send.transferId, 1],
      [other.id, 1],
    ].sort(),
  );
  expect(await settle({ subjectId: send.transferId, version: 1 })).toBe(true);
  expect((await due()).notices.find(({ subjectId }) => subjectId === send.transferId)).toMatchObject({
    version: 2,
    tries: 0,
  });
});

test('a failed try is due again later, delays the later notices of its transfer, and is settled once', async () => {
  const send = await sent(ledger, accounts);
  await ledger.conclude({
    ...send,
    source: 'reply',
    outcome: 'accepted',
    code: 'ACSC',
    railReference: send.transferId,
  });
  const notice = { subjectId: send.transferId, version: 1 };
  const failed = { outcome: 'failed' as const, status: 500, error: 'x'.repeat(600), nextInMs: 60_000 };
  expect(await settle(notice, failed)).toBe(true);
  expect(await settle(notice, failed)).toBe(false);
  const { notices, waitMs } = await due();
  expect(notices).toEqual([]);
  expect(waitMs).toBeGreaterThan(50_000);
  expect(await settle(notice, { tryN: 2, outcome: 'given_up', status: null })).toBe(true);
  // Nobody got it: it stays, in front of the second.
  expect((await due()).notices).toMatchObject([{ subjectId: send.transferId, version: 1 }]);
  const { rows } = await pools.root.query(
    'select try, outcome, length(error) as error from ledger.delivery where endpoint_id = $1 order by try',
    [endpointId],
  );
  expect(rows).toEqual([
    { try: 1, outcome: 'failed', error: 500 },
    { try: 2, outcome: 'given_up', error: null },
  ]);
});

test('a notice that comes while an older one of its transfer waits for its next try waits as long', async () => {
  const send = await sent(ledger, accounts);
  const failed = { outcome: 'failed' as const, status: 500, error: 'x', nextInMs: 60_000 };
  await settle({ subjectId: send.transferId, version: 1 }, failed);
  await ledger.conclude({ ...send, source: 'reply', outcome: 'accepted', code: 'ACSC', railReference: 'r' });
  const { rows } = await pools.root.query(
    'select count(distinct next_at)::int as times, count(*)::int as notices, min(next_at) > now() as later from ledger.notice_due where endpoint_id = $1 and subject_id = $2',
    [endpointId, send.transferId],
  );
  expect(rows).toEqual([{ times: 1, notices: 2, later: true }]);
});

test('an endpoint is overdue by its oldest notice that may be sent; a disabled one never, and its notices stay', async () => {
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).not.toContain(endpointId);
  await pools.root.query("update ledger.notice_due set next_at = now() - interval '2 minutes' where endpoint_id = $1", [
    endpointId,
  ]);
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).toContain(endpointId);
  const { tenantId } = accounts;
  await changeEndpoint(pools.api, {
    id: endpointId,
    tenantId,
    url: null,
    status: 'disabled',
    reason: 'too many failures',
    actor: 'test',
  });
  expect(await overdueEndpoints(pools.worker, 60_000, 10)).not.toContain(endpointId);
  expect((await due()).notices).toHaveLength(1);
});

test('notices that a commit left for an endpoint that is no more go, a bounded number at a time', async () => {
  const { transferId } = await sent(ledger, accounts);
  const gone = anEndpoint(accounts);
  await createEndpoint(pools.api, gone);
  await deleteEndpoint(pools.api, { id: gone.id, tenantId: accounts.tenantId, actor: 'test' });
  await pools.root.query(
    `insert into ledger.notice_due (endpoint_id, event_id, tenant_id, subject_type, subject_id, version, next_at, event_at)
     select $1, gen_random_uuid(), tenant_id, subject_type, subject_id, n, next_at, event_at from ledger.notice_due d, generate_series(1, 3) n
     where d.endpoint_id = $2 and d.subject_id = $3 and d.version = 1`,
    [gone.id, endpointId, transferId],
  );
  const left = async () =>
    (
      await pools.root.query('select endpoint_id from ledger.notice_due where endpoint_id = any($1)', [
        [gone.id, endpointId],
      ])
    ).rows;
  expect(await ledger.forgetOrphans(2)).toBe(2);
  expect(await left()).toHaveLength(2);
  expect(await ledger.forgetOrphans(2)).toBe(1);
  expect(await ledger.forgetOrphans(2)).toBe(0);
  expect(await left()).toEqual([{ endpoint_id: endpointId }]);
});
