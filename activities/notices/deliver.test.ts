import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import { createEndpoint } from '../../ledger/notices/create-webhook-endpoint.ts';
import {
  type Accounts,
  aTransfer,
  createAccounts,
  ledgerOf,
  type Pools,
  poolsOf,
  toBank,
} from '../../test/support/fixtures/accounts.ts';
import { freshDatabase } from '../../test/support/fixtures/database.ts';
import { deliveryWorkflowId } from '../../workflows/contract/ids.ts';
import { taskQueues } from '../../workflows/contract/names.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { withHeartbeat } from '../heartbeat.ts';
import { deliver } from './deliver.ts';
import { noticeTerms } from './terms.ts';
import { createWaker, type Waker } from './wake-deliveries.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {} };
const waits = {
  ...defaultWaits,
  retryFirstMs: 50,
  heartbeatMs: 2_000,
  deliveryPauseFirstMs: 300,
  deliveryPauseMaxMs: 300,
};
const terms = { ...noticeTerms, retryMs: [100, 100, 100], timeoutMs: 1_000, budgetMs: 3_000 };
const namespace = `notices-${randomBytes(4).toString('hex')}`;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pools: Pools;
let client: Client;
let worker: Worker;
let running: Promise<void>;
let waker: Waker;
let ledger: Ledger;
let accounts: Accounts;
let receivers: Receiver[] = [];

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  database = await freshDatabase();
  pools = poolsOf(database);
  const address = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  client = new Client({ connection: await Connection.connect({ address }), namespace });
  await makeNamespace();
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = fileURLToPath(new URL('../../workflows/notices/delivery.ts', import.meta.url));
  worker = await Worker.create({
    connection,
    namespace,
    taskQueue: taskQueues.delivery,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    activities: { deliver: withHeartbeat(deliver({ pool: pools.worker, log: silent, allowPrivate: true, terms })) },
    maxConcurrentActivityTaskExecutions: 4,
    shutdownGraceTime: '1s',
  });
  running = worker.run();
  waker = createWaker({ client, log: silent, waits });
}, 90_000);

beforeEach(async () => {
  ledger = ledgerOf(pools, ({ endpoints }) => {
    waker.wake(endpoints);
    return Promise.resolve();
  });
  accounts = await createAccounts(pools, ledger);
});

afterEach(async () => {
  for (const { server } of receivers) server.closeAllConnections();
  for (const { server } of receivers) server.close();
  receivers = [];
});

afterAll(async () => {
  await waker.close();
  worker.shutdown();
  await running;
  await client.connection.close();
  await pools.end();
  await database.drop();
}, 30_000);

test('the notice of a book transfer is signed, small, and has the id of its event', async () => {
  const { receiver, secret } = await anEndpoint();
  const request = aTransfer(accounts, { reference: 'invoice 7' });
  await ledger.reserve(randomUUID(), request);
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
      source_account_id: toPublic('account', accounts.ada),
      reference: 'invoice 7',
      entry_id: expect.stringMatching(/^en_/),
    },
  });
  expect(call?.headers['webhook-id']).toMatch(/^ev_/);
  expect(() => new Webhook(secret).verify(`${call?.body} `, headersOf(call))).toThrow('No matching signature');
  await ended();
  expect(await left()).toBe(0);
}, 30_000);

test('notices of a transfer come in order, those of many transfers in parallel, and each event once', async () => {
  const { receiver } = await anEndpoint({ answer: (_, reply) => setTimeout(() => end(reply, 204), 20) });
  const requests = Array.from({ length: 40 }, () => toBank(accounts));
  await Promise.all(requests.map((request) => ledger.reserve(randomUUID(), request)));
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
  expect(receiver.sideBySide).toBeLessThanOrEqual(terms.concurrency);
  await ended();
  expect(await deliveries()).toEqual({ delivered: 80 });
}, 40_000);

test('a failed try is repeated under the same id with a new signature, and delays its own transfer only', async () => {
  let fails = 2;
  const first = toBank(accounts);
  const { receiver, secret } = await anEndpoint({
    answer: (call, reply) => {
      const isFirst = call.data.transfer_id === toPublic('transfer', first.id) && call.data.version === 1;
      end(reply, isFirst && fails-- > 0 ? 503 : 200);
    },
  });
  await ledger.reserve(randomUUID(), first);
  await accept(first.id);
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  const calls = await receiver.received(5);
  const tries = calls.filter((call) => call.data.transfer_id === toPublic('transfer', first.id));
  expect(tries.map((call) => call.data.version)).toEqual([1, 1, 1, 2]);
  expect(new Set(tries.slice(0, 3).map((call) => call.headers['webhook-id'])).size).toBe(1);
  expect(new Set(tries.slice(0, 3).map((call) => call.body)).size).toBe(1);
  for (const call of calls) new Webhook(secret).verify(call.body, headersOf(call));
  await ended();
  expect(await deliveries()).toEqual({ delivered: 3, failed: 2 });
}, 30_000);

test('after the last try the endpoint is disabled, with the reason, and nothing more is sent to it', async () => {
  const { receiver, endpointId } = await anEndpoint({ answer: (_, reply) => end(reply, 500) });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await ended(endpointId, 10_000);
  expect(receiver.calls).toHaveLength(4);
  expect(await endpoint(endpointId)).toEqual({
    status: 'disabled',
    reason: '4 tries failed, the last one: answered 500',
  });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await sleep(300);
  expect(receiver.calls).toHaveLength(4);
  expect(await deliveries()).toEqual({ failed: 3, given_up: 1 });
}, 30_000);

test('410 disables the endpoint immediately', async () => {
  const { receiver, endpointId } = await anEndpoint({ answer: (_, reply) => end(reply, 410) });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await ended(endpointId);
  expect(receiver.calls).toHaveLength(1);
  expect(await endpoint(endpointId)).toEqual({ status: 'disabled', reason: 'the endpoint answered 410 Gone' });
}, 30_000);

test('a redirect is a failure, and its target is never called', async () => {
  const inside = await receive((_, reply) => end(reply, 200));
  const { receiver } = await anEndpoint({
    answer: (_, reply) => end(reply, receiver.calls.length > 1 ? 200 : 307, { location: inside.url }),
  });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await receiver.received(2);
  await ended();
  expect(inside.calls).toHaveLength(0);
  expect(await deliveries()).toEqual({ delivered: 1, failed: 1 });
}, 30_000);

test('an endless answer is cut off, and a receiver that does not answer is given up after the timeout', async () => {
  let first = true;
  const { receiver } = await anEndpoint({
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
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await receiver.received(2);
  await ended(undefined, 10_000);
  expect(await deliveries()).toEqual({ delivered: 1, failed: 1 });
}, 30_000);

test('dead receivers, more than the worker has slots, do not delay a healthy one for long', async () => {
  const dead = [];
  for (let n = 0; n < 6; n += 1) dead.push(await anEndpoint({ answer: () => {} }));
  const healthy = await anEndpoint();
  for (let n = 0; n < 30; n += 1) await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }));
  const from = performance.now();
  await healthy.receiver.received(30);
  // A dead one keeps its slot for one timeout, and then pauses, however many notices it has and however often it is woken.
  expect(performance.now() - from).toBeLessThan(6 * terms.timeoutMs);
  for (const { receiver } of dead) expect(receiver.calls.length).toBeLessThanOrEqual(6 * terms.concurrency);
}, 30_000);

test('a receiver that is down for as long as a notice is retried is disabled, however many notices wait', async () => {
  const { endpointId } = await anEndpoint({ answer: (_, reply) => end(reply, 502) });
  for (let n = 0; n < 60; n += 1) await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }));
  await until(async () => (await endpoint(endpointId)).status === 'disabled', 15_000);
  expect((await endpoint(endpointId)).reason).toMatch(/accepted no notice|tries failed/);
}, 30_000);

test('a step that fails between sending and writing sends again, under the same id', async () => {
  const { receiver } = await anEndpoint({
    answer: (_, reply) => {
      // While the row is locked no try can be settled: the first step throws with its notice sent.
      void (receiver.calls.length === 1 ? lockNotices() : Promise.resolve()).then(() => end(reply, 200));
    },
  });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  const calls = await receiver.received(2);
  expect(new Set(calls.map((call) => call.headers['webhook-id'])).size).toBe(1);
  await ended();
  expect(await left()).toBe(0);
  expect(await deliveries()).toEqual({ delivered: 1 });
}, 30_000);

test('a thousand wakes make few signals, and one that comes while the delivery ends is not lost', async () => {
  const { receiver, endpointId } = await anEndpoint();
  for (let n = 0; n < 1_000; n += 1) waker.wake([endpointId]);
  for (let n = 0; n < 20; n += 1) {
    await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }));
    await sleep(n * 10);
  }
  await receiver.received(20);
  const described = await client.workflow.getHandle(deliveryWorkflowId(endpointId)).describe();
  expect(described.historyLength).toBeLessThan(200);
}, 30_000);

type Call = {
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
  data: { transfer_id?: string; version?: number; to?: string };
};
type Answer = (call: Call, reply: ServerResponse) => void;
type Receiver = {
  url: string;
  server: Server;
  calls: Call[];
  sideBySide: number;
  received(count: number): Promise<Call[]>;
};

/** A customer's server that records every call. */
async function receive(answer: Answer): Promise<Receiver> {
  let open = 0;
  const receiver: Receiver = {
    url: '',
    calls: [],
    sideBySide: 0,
    server: createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const call = { headers: request.headers, body, at: performance.now(), data: JSON.parse(body).data };
        receiver.calls.push(call);
        open += 1;
        receiver.sideBySide = Math.max(receiver.sideBySide, open);
        reply.once('close', () => {
          open -= 1;
        });
        answer(call, reply);
      });
    }),
    received: async (count) => {
      await until(() => Promise.resolve(receiver.calls.length >= count), 15_000);
      return receiver.calls;
    },
  };
  await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/notices`;
  receivers.push(receiver);
  return receiver;
}

let newest = '';

async function anEndpoint({ answer = (_: Call, reply: ServerResponse) => end(reply, 204) }: { answer?: Answer } = {}) {
  const receiver = await receive(answer);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const endpointId = uuidV7();
  const { tenantId } = accounts;
  await createEndpoint(pools.api, {
    id: endpointId,
    tenantId,
    url: receiver.url,
    description: null,
    secret,
    actor: 'test',
    idempotencyKey: null,
  });
  newest = endpointId;
  return { receiver, secret, endpointId };
}

function end(reply: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  reply.writeHead(status, headers).end();
}

const headersOf = (call: Call | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]));

const accept = (transferId: string) =>
  ledger.conclude({
    transferId,
    source: 'report',
    outcome: 'accepted',
    code: 'ok',
    railReference: transferId,
  });

/** Waits until the delivery of an endpoint has nothing left to do and has ended. */
const ended = (endpointId = newest, withinMs = 8_000) =>
  until(async () => {
    const handle = client.workflow.getHandle(deliveryWorkflowId(endpointId));
    // Not found until its first wake has arrived.
    const found = await handle.describe().catch(() => null);
    return found?.status.name === 'COMPLETED';
  }, withinMs);

async function until(holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('not within the timeout');
    await sleep(20);
  }
}

async function endpoint(id: string) {
  const text = 'select status, disabled_reason as reason from ledger.webhook_endpoint where id = $1';
  return (await pools.root.query(text, [id])).rows[0];
}

async function left(): Promise<number> {
  const { rows } = await pools.root.query('select count(*)::int as n from ledger.notice_due where tenant_id = $1', [
    accounts.tenantId,
  ]);
  return rows[0].n;
}

async function deliveries(): Promise<Record<string, number>> {
  const text = 'select outcome, count(*)::int as n from ledger.delivery where tenant_id = $1 group by outcome';
  const { rows } = await pools.root.query<{ outcome: string; n: number }>(text, [accounts.tenantId]);
  return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
}

/** Locks the tenant's notices for longer than a statement waits for a lock. */
async function lockNotices(): Promise<void> {
  const locker = await pools.root.connect();
  await locker.query('begin');
  await locker.query('select from ledger.notice_due where tenant_id = $1 for update', [accounts.tenantId]);
  setTimeout(() => void locker.query('rollback').finally(() => locker.release()), 800);
}

/** A separate namespace, so that no other test file's worker takes these tasks. */
async function makeNamespace(): Promise<void> {
  // The generated type wants a Long; a number is encoded as well.
  const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
  await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  // The server's services get to know it one after the other.
  await until(
    () =>
      client.workflow
        .count()
        .then(() => true)
        .catch(() => false),
    30_000,
  );
}
