import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { changeEndpoint } from '../../ledger/notices/change-webhook-endpoint.ts';
import { overdueEndpoints } from '../../ledger/notices/overdue.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { end, freshDelivery } from '../../test/support/harness/delivery.ts';
import { until } from '../../test/support/harness/in-time.ts';

/** What becomes of notices when a receiver fails for long, or takes no more, and works again. */
const delivery = freshDelivery({ passesPerTenantMax: 2 });

const transfer = () => delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { amount: '1' }));
const change = (id: string, what: { status?: 'enabled' | 'disabled'; url?: string }) =>
  changeEndpoint(delivery.pools.api, {
    ...{ id, tenantId: delivery.accounts.tenantId, url: null, status: null, reason: null },
    ...what,
    actor: 'test',
  });
/** As the sweep does, without its grace. */
const sweep = async () => delivery.waker.wake(await overdueEndpoints(delivery.pools.worker, 0, 500));
const isDisabled = async (id: string) => (await delivery.endpoint(id)).status === 'disabled';
const idsOf = (calls: { headers: object }[]) => new Set(calls.map(({ headers }) => Reflect.get(headers, 'webhook-id')));

test('what met a 410, and what came while the endpoint was disabled, is sent when it is enabled', async () => {
  let isGone = true;
  const { receiver, endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, isGone ? 410 : 200) });
  for (let n = 0; n < 6; n += 1) await transfer();
  await until(() => isDisabled(endpointId), 30_000);
  await delivery.ended(endpointId, 30_000);
  for (let n = 0; n < 3; n += 1) await transfer();
  expect(await delivery.left()).toBe(9);
  const met = receiver.calls.length;
  isGone = false;
  await change(endpointId, { status: 'enabled' });
  await sweep();
  await until(async () => (await delivery.left()) === 0, 30_000);
  expect(idsOf(receiver.calls.slice(met)).size).toBe(9);
});

test('what used up its tries is sent when the endpoint is enabled, with all its tries before it', async () => {
  let isDown = true;
  const { receiver, endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, isDown ? 500 : 200) });
  await transfer();
  await until(() => isDisabled(endpointId), 30_000);
  await delivery.ended(endpointId, 30_000);
  expect((await delivery.endpoint(endpointId)).reason).toBe('4 tries failed, the last one: answered 500');
  await change(endpointId, { status: 'enabled' });
  await sweep();
  // It fails again, as often as before.
  await until(() => isDisabled(endpointId), 30_000);
  expect(receiver.calls).toHaveLength(8);
  isDown = false;
  await delivery.ended(endpointId, 30_000);
  await change(endpointId, { status: 'enabled' });
  await sweep();
  await until(async () => (await delivery.left()) === 0, 30_000);
  expect(idsOf(receiver.calls).size).toBe(1);
});

test.each(['enabled', 'moved'])('an endpoint that is %s starts over: what was before counts no more', async (how) => {
  let failures = 8;
  const { receiver, endpointId } = await delivery.anEndpoint({
    answer: (_, reply) => end(reply, failures-- > 0 ? 503 : 200),
  });
  await delivery.pools.root.query(
    "update ledger.webhook_endpoint set paused_until = now() + interval '1 hour', pauses = 30, failing_since = now() - interval '1 year' where id = $1",
    [endpointId],
  );
  for (let n = 0; n < 12; n += 1) await transfer();
  await delivery.pools.root.query(
    "update ledger.notice_due set tries = 3, next_at = now() + interval '1 day', event_at = event_at where endpoint_id = $1",
    [endpointId],
  );
  expect(await overdueEndpoints(delivery.pools.worker, 0, 500)).not.toContain(endpointId);
  await change(endpointId, how === 'enabled' ? { status: 'enabled' } : { url: `${receiver.url}?moved` });
  await sweep();
  await until(async () => (await delivery.left()) === 0, 30_000);
  expect((await delivery.endpoint(endpointId)).status).toBe('enabled');
});

test('a receiver that is down is paused on its row: no commit wakes it, and after the pause one notice tries it', async () => {
  let isDown = true;
  const woken: string[][] = [];
  const { receiver, endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, isDown ? 502 : 200) });
  for (let n = 0; n < 20; n += 1) await transfer();
  const { wake } = delivery.waker;
  delivery.waker.wake = (ids) => void woken.push([...ids]);
  try {
    await until(async () => (await pausesOf(endpointId)) > 0, 30_000);
    await delivery.pools.root.query(
      "update ledger.webhook_endpoint set paused_until = now() + interval '1 hour' where id = $1",
      [endpointId],
    );
    const calls = receiver.calls.length;
    for (let n = 0; n < 5; n += 1) await transfer();
    expect(woken.flat()).not.toContain(endpointId);
    expect(await overdueEndpoints(delivery.pools.worker, 0, 500)).not.toContain(endpointId);
    // A probe that was on its way when the pause was made longer.
    expect(receiver.calls.length - calls).toBeLessThanOrEqual(1);
  } finally {
    delivery.waker.wake = wake;
  }
  isDown = false;
  await change(endpointId, { status: 'enabled' });
  await sweep();
  await until(async () => (await delivery.left()) === 0, 30_000);
  expect(await pausesOf(endpointId)).toBe(0);
});

test('the wait that a busy receiver asks for pauses its endpoint', async () => {
  const { receiver, endpointId } = await delivery.anEndpoint({
    answer: (_, reply) => end(reply, receiver.calls.length > 1 ? 200 : 503, { 'retry-after': '3600' }),
  });
  await transfer();
  await receiver.received(1);
  await until(async () => (await secondsPaused(endpointId)) > 0, 30_000);
  expect(await secondsPaused(endpointId)).toBeGreaterThan(3_000);
  const { rows } = await delivery.pools.root.query(
    "select next_at > now() + interval '50 minutes' as waits from ledger.notice_due where endpoint_id = $1",
    [endpointId],
  );
  expect(rows).toEqual([{ waits: true }]);
});

test('a tenant whose receivers are all silent takes a few places of the worker, and leaves the others', async () => {
  const dead: Awaited<ReturnType<typeof delivery.anEndpoint>>[] = [];
  for (let n = 0; n < 8; n += 1) dead.push(await delivery.anEndpoint({ answer: () => {} }));
  await transfer();
  const opened = () => dead.filter(({ receiver }) => receiver.open > 0).length;
  let highest = 0;
  const watch = setInterval(() => {
    highest = Math.max(highest, opened());
  }, 5);
  await until(() => Promise.resolve(dead.every(({ receiver }) => receiver.calls.length > 0)), 50_000);
  clearInterval(watch);
  expect(highest).toBeGreaterThan(0);
  expect(highest).toBeLessThanOrEqual(2);
});

async function pausesOf(id: string): Promise<number> {
  return (await delivery.pools.root.query('select pauses from ledger.webhook_endpoint where id = $1', [id])).rows[0]
    .pauses;
}

async function secondsPaused(id: string): Promise<number> {
  const text =
    'select coalesce(extract(epoch from paused_until - now()), 0)::int as n from ledger.webhook_endpoint where id = $1';
  return (await delivery.pools.root.query(text, [id])).rows[0].n;
}
