import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { toPublic } from '../../domain/ids.ts';
import { rotateEndpointSecret } from '../../ledger/notices/rotate-endpoint-secret.ts';
import { aTransfer, toBank } from '../../test/support/fixtures/accounts.ts';
import { type Call, end, freshDelivery } from '../../test/support/harness/delivery.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { deliveryWorkflowId } from '../../workflows/contract/ids.ts';

const delivery = freshDelivery();

test('the notice of a book transfer is signed, small, and has the id of its event', async () => {
  const { receiver, secret } = await delivery.anEndpoint();
  const request = aTransfer(delivery.accounts, { reference: 'invoice 7' });
  await delivery.ledger.reserve(randomUUID(), request);
  const [call] = await receiver.received(1);
  expect(new Webhook(secret).verify(call?.body ?? '', headersOf(call))).toMatchObject({
    type: 'transfer.completed',
    data: {
      object: 'event',
      transfer_id: toPublic('transfer', request.id),
      version: 1,
      from: null,
      to: 'completed',
      amount: '100',
      currency: 'USD',
      source_account_id: toPublic('account', delivery.accounts.ada),
      reference: 'invoice 7',
      entry_id: expect.stringMatching(/^en_/),
    },
  });
  expect(call?.headers['webhook-id']).toMatch(/^ev_/);
  expect(() => new Webhook(secret).verify(`${call?.body} `, headersOf(call))).toThrow('No matching signature');
  await delivery.ended();
  expect(await delivery.left()).toBe(0);
});

test('while a secret is rotated, a notice is signed with both, and metadata comes with it unless it is too much', async () => {
  const { receiver, secret, endpointId } = await delivery.anEndpoint();
  const rotated = `whsec_${randomBytes(32).toString('base64')}`;
  const { tenantId } = delivery.accounts;
  const rotation = {
    id: endpointId,
    tenantId,
    secret: rotated,
    overlapMs: 600_000,
    actor: 'test',
    idempotencyKey: null,
  };
  await rotateEndpointSecret(delivery.pools.api, rotation);
  const metadata = { order: '7' };
  const large = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`name_${n}`, '€'.repeat(500)]));
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { metadata }));
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { metadata: large }));
  const calls = await receiver.received(2);
  for (const call of calls) {
    for (const one of [secret, rotated]) new Webhook(one).verify(call.body, headersOf(call));
    expect(Buffer.byteLength(call.body)).toBeLessThanOrEqual(20_480);
  }
  expect(calls.map((call) => call.data.metadata)).toEqual(expect.arrayContaining([metadata, null]));
});

test('notices of a transfer come in order, those of many transfers in parallel, and each event once', async () => {
  const { receiver } = await delivery.anEndpoint({ answer: (_, reply) => setTimeout(() => end(reply, 204), 20) });
  const requests = Array.from({ length: 40 }, () => toBank(delivery.accounts));
  await Promise.all(requests.map((request) => delivery.ledger.reserve(randomUUID(), request)));
  await Promise.all(requests.map(({ id }) => accept(id)));
  const calls = await receiver.received(80);
  for (const { id } of requests) {
    const sent = calls.filter((call) => call.data.transfer_id === toPublic('transfer', id));
    expect(sent.map((call) => [call.data.version, call.data.to])).toEqual([
      [1, 'submitting'],
      [2, 'completed'],
    ]);
    // The second leaves only after the first was answered.
    expect(sent[1]?.at ?? 0).toBeGreaterThanOrEqual((sent[0]?.at ?? 0) + 19);
  }
  expect(receiver.sideBySide).toBeGreaterThan(2);
  expect(receiver.sideBySide).toBeLessThanOrEqual(delivery.terms.concurrency);
  await delivery.ended();
  expect(await delivery.deliveries()).toEqual({ delivered: 80 });
});

test('a failed try is repeated under the same id with a new signature, and delays its own transfer only', async () => {
  let fails = 2;
  const first = toBank(delivery.accounts);
  const { receiver, secret } = await delivery.anEndpoint({
    answer: (call, reply) => {
      const isFirst = call.data.transfer_id === toPublic('transfer', first.id) && call.data.version === 1;
      end(reply, isFirst && fails-- > 0 ? 503 : 200);
    },
  });
  await delivery.ledger.reserve(randomUUID(), first);
  await accept(first.id);
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  const calls = await receiver.received(5);
  const tries = calls.filter((call) => call.data.transfer_id === toPublic('transfer', first.id));
  expect(tries.map((call) => call.data.version)).toEqual([1, 1, 1, 2]);
  expect(new Set(tries.slice(0, 3).map((call) => call.headers['webhook-id'])).size).toBe(1);
  expect(new Set(tries.slice(0, 3).map((call) => call.body)).size).toBe(1);
  for (const call of calls) new Webhook(secret).verify(call.body, headersOf(call));
  await delivery.ended();
  expect(await delivery.deliveries()).toEqual({ delivered: 3, failed: 2 });
});

test('after the last try the endpoint is disabled, with the reason, and nothing more is sent to it', async () => {
  const { receiver, endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, 500) });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  await delivery.ended(endpointId, 30_000);
  expect(receiver.calls).toHaveLength(4);
  expect(await delivery.endpoint(endpointId)).toEqual({
    status: 'disabled',
    reason: '4 tries failed, the last one: answered 500',
  });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  await sleep(300);
  expect(receiver.calls).toHaveLength(4);
  expect(await delivery.deliveries()).toEqual({ failed: 3, given_up: 1 });
});

test('410 disables the endpoint immediately', async () => {
  const { receiver, endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, 410) });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  await delivery.ended(endpointId);
  expect(receiver.calls).toHaveLength(1);
  expect(await delivery.endpoint(endpointId)).toEqual({ status: 'disabled', reason: 'the endpoint answered 410 Gone' });
});

test('a redirect is a failure, and its target is never called', async () => {
  const inside = await delivery.receive((_, reply) => end(reply, 200));
  const { receiver } = await delivery.anEndpoint({
    answer: (_, reply) => end(reply, receiver.calls.length > 1 ? 200 : 307, { location: inside.url }),
  });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  await receiver.received(2);
  await delivery.ended();
  expect(inside.calls).toHaveLength(0);
  expect(await delivery.deliveries()).toEqual({ delivered: 1, failed: 1 });
});

test('an endless answer is cut off, and a receiver that does not answer is given up after the timeout', async () => {
  let first = true;
  const { receiver } = await delivery.anEndpoint({
    answer: (_, reply) => {
      if (first) {
        first = false;
        return; // Never answers.
      }
      reply.writeHead(200);
      const drip = setInterval(() => reply.write(Buffer.alloc(65_536)), 1);
      reply.once('close', () => clearInterval(drip));
    },
  });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  await receiver.received(2);
  await delivery.ended(undefined, 30_000);
  expect(await delivery.deliveries()).toEqual({ delivered: 1, failed: 1 });
});

test('dead receivers, more than the worker has slots, leave room for a healthy one', async () => {
  const dead = [];
  for (let n = 0; n < 6; n += 1) dead.push(await delivery.anEndpoint({ answer: () => {} }));
  const healthy = await delivery.anEndpoint();
  for (let n = 0; n < 30; n += 1)
    await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { amount: '1' }));
  await healthy.receiver.received(30);
  // A dead one keeps its slot for one timeout, and then pauses, however many notices it has and however often it is woken.
  for (const { receiver } of dead) expect(receiver.calls.length).toBeLessThanOrEqual(6 * delivery.terms.concurrency);
});

test('a receiver that is down for as long as a notice is retried is disabled, however many notices wait', async () => {
  const { endpointId } = await delivery.anEndpoint({ answer: (_, reply) => end(reply, 502) });
  for (let n = 0; n < 60; n += 1)
    await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { amount: '1' }));
  await until(async () => (await delivery.endpoint(endpointId)).status === 'disabled', 30_000);
  expect((await delivery.endpoint(endpointId)).reason).toMatch(/accepted no notice|tries failed/);
});

test('a step that fails between sending and writing sends again, under the same id', async () => {
  let unlock = async (): Promise<void> => {};
  const lock = async (): Promise<void> => {
    unlock = await lockNotices();
  };
  const { receiver } = await delivery.anEndpoint({
    answer: (_, reply) => {
      // While the row is locked no try can be settled: the first step throws with its notice sent.
      const before = receiver.calls.length === 1 ? lock() : unlock();
      void before.then(() => end(reply, 200));
    },
  });
  await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts));
  const calls = await receiver.received(2);
  expect(new Set(calls.map((call) => call.headers['webhook-id'])).size).toBe(1);
  await delivery.ended();
  expect(await delivery.left()).toBe(0);
  expect(await delivery.deliveries()).toEqual({ delivered: 1 });
});

test('a thousand wakes make few signals, and one that comes while the delivery ends is not lost', async () => {
  const { receiver, endpointId } = await delivery.anEndpoint();
  for (let n = 0; n < 1_000; n += 1) delivery.waker.wake([endpointId]);
  for (let n = 0; n < 20; n += 1) {
    await delivery.ledger.reserve(randomUUID(), aTransfer(delivery.accounts, { amount: '1' }));
    await sleep(n * 10);
  }
  await receiver.received(20);
  const described = await delivery.client.workflow.getHandle(deliveryWorkflowId(endpointId)).describe();
  expect(described.historyLength).toBeLessThan(200);
});

const headersOf = (call: Call | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]));

const accept = (transferId: string) =>
  delivery.ledger.conclude({
    transferId,
    source: 'report',
    outcome: 'accepted',
    code: 'ok',
    railReference: transferId,
  });

/** Locks the tenant's notices. Returns what unlocks them. */
async function lockNotices(): Promise<() => Promise<void>> {
  const locker = await delivery.pools.root.connect();
  await locker.query('begin');
  await locker.query('select from ledger.notice_due where tenant_id = $1 for update', [delivery.accounts.tenantId]);
  return () => locker.query('rollback').then(() => locker.release());
}
