import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { v7 as uuidV7 } from 'uuid';
import { withHeartbeat } from '../../../activities/heartbeat.ts';
import { deliver } from '../../../activities/notices/deliver.ts';
import { type NoticeTerms, noticeTerms } from '../../../activities/notices/terms.ts';
import { createWaker } from '../../../activities/notices/wake-deliveries.ts';
import type { Waker } from '../../../activities/waker.ts';
import type { Uuid } from '../../../domain/ids.ts';
import type { Ledger } from '../../../ledger/index.ts';
import { createEndpoint } from '../../../ledger/notices/create-webhook-endpoint.ts';
import { deliveryWorkflowId } from '../../../workflows/contract/ids.ts';
import { taskQueues } from '../../../workflows/contract/names.ts';
import { defaultWaits } from '../../../workflows/contract/waits.ts';
import { type Accounts, createAccounts, ledgerOf, type Pools, poolsOf } from '../fixtures/accounts.ts';
import { freshDatabase } from '../fixtures/database.ts';
import { inTime, until } from './in-time.ts';
import { connectToTemporal, temporalAddress } from './temporal.ts';

/** One request that a receiver got. */
export type Call = {
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
  data: { transfer_id?: string; version?: number; to?: string; metadata?: Record<string, string> | null };
};
export type Answer = (call: Call, reply: ServerResponse) => void;
export type Receiver = {
  url: string;
  server: Server;
  calls: Call[];
  open: number;
  sideBySide: number;
  received(count: number): Promise<Call[]>;
};

const silent = { debug: () => {}, info: () => {}, warn: () => {} };
const waits = {
  ...defaultWaits,
  retryFirstMs: 50,
  heartbeatMs: inTime(2_000),
  deliveryPauseFirstMs: 300,
  deliveryPauseMaxMs: 300,
  deliveryLingerMs: 200,
};
export const shortTerms = {
  ...noticeTerms,
  retryMs: [100, 100, 100],
  timeoutMs: inTime(1_000),
  budgetMs: inTime(3_000),
  tenantBusyMs: 50,
};

/** What a test of delivery works with. `accounts` and `ledger` are fresh for every test. */
type Fixture = Running & { ledger: Ledger; accounts: Accounts };
type Running = { pools: Pools; client: Client; waker: Waker; close(): Promise<void> };

/** Above what a busy machine needs to start a worker. */
const startMaxMs = inTime(240_000);

/**
 * A worker that delivers notices, in a namespace and on a database of its own, and customers' servers. Every test has a fresh
 * tenant. No sweep runs: a test wakes by itself what a sweep would wake.
 */
export function freshDelivery(change: Partial<NoticeTerms> = {}) {
  const terms: NoticeTerms = { ...shortTerms, ...change };
  const fixture = {} as Fixture;
  const endpoints = endpointsOf(fixture);

  beforeAll(async () => {
    Object.assign(fixture, await startDelivery(terms));
  }, startMaxMs);

  beforeEach(async () => {
    fixture.ledger = ledgerOf(fixture.pools, (effects) => {
      fixture.waker.wake(effects.endpoints);
      return Promise.resolve();
    });
    fixture.accounts = await createAccounts(fixture.pools, fixture.ledger);
  });

  afterEach(() => endpoints.closeReceivers());
  afterAll(() => fixture.close(), startMaxMs);

  return Object.assign(fixture, { terms }, endpoints, readersOf(fixture, endpoints.newest));
}

async function startDelivery(terms: NoticeTerms): Promise<Running> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const namespace = `notices-${randomBytes(4).toString('hex')}`;
  const database = await freshDatabase();
  const pools = poolsOf(database);
  const client = new Client({ connection: await connectToTemporal(), namespace });
  await makeNamespace(client, namespace);
  const workflowsPath = fileURLToPath(new URL('../../../workflows/notices/delivery.ts', import.meta.url));
  const deps = { pool: pools.worker, log: silent, allowPrivate: true, terms };
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: temporalAddress() }),
    namespace,
    taskQueue: taskQueues.delivery,
    workflowBundle: await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    activities: { deliver: withHeartbeat(deliver(deps)) },
    maxConcurrentActivityTaskExecutions: 4,
    shutdownGraceTime: '1s',
  });
  const running = worker.run();
  const waker = createWaker({ client, log: silent, waits });
  const close = async (): Promise<void> => {
    await waker.close();
    worker.shutdown();
    await running;
    await client.connection.close();
    await pools.end();
    await database.drop();
  };
  return { pools, client, waker, close };
}

/** Customers' servers, and webhook endpoints at their addresses. */
function endpointsOf(fixture: Fixture) {
  let receivers: Receiver[] = [];
  let newest = '';
  const receive = async (answer: Answer): Promise<Receiver> => {
    const receiver = await startServer(answer);
    receivers.push(receiver);
    return receiver;
  };
  const anEndpoint = async ({
    answer = (_: Call, reply: ServerResponse) => end(reply, 204),
    // Not about the other endpoints of a test's tenant.
    eventTypes = ['transfer.*'],
  }: {
    answer?: Answer;
    eventTypes?: string[];
  } = {}) => {
    const receiver = await receive(answer);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const id = uuidV7();
    const { tenantId } = fixture.accounts;
    const own = { description: null, secret, actor: 'test', idempotencyKey: null };
    await createEndpoint(fixture.pools.api, { id, tenantId, url: receiver.url, ...own, eventTypes });
    newest = id;
    return { receiver, secret, endpointId: id };
  };
  const closeReceivers = (): void => {
    for (const { server } of receivers) server.closeAllConnections();
    for (const { server } of receivers) server.close();
    receivers = [];
  };
  return { receive, anEndpoint, closeReceivers, newest: () => newest };
}

/** What became of the tenant's notices, and of an endpoint. */
function readersOf(fixture: Fixture, newest: () => string) {
  const read = async (text: string, id: string) => (await fixture.pools.root.query(text, [id])).rows;
  return {
    /** Waits until the delivery of an endpoint has nothing left to do and has ended. */
    ended: (endpointId = newest(), withinMs = 30_000): Promise<void> =>
      until(async () => {
        const handle = fixture.client.workflow.getHandle(deliveryWorkflowId(endpointId));
        // Not found until its first wake has arrived.
        const found = await handle.describe().catch(() => null);
        return found?.status.name === 'COMPLETED';
      }, withinMs),
    endpoint: async (id: Uuid) =>
      (await read('select status, disabled_reason as reason from ledger.webhook_endpoint where id = $1', id))[0],
    left: async (): Promise<number> =>
      (
        await read('select count(*)::int as n from ledger.notice_due where tenant_id = $1', fixture.accounts.tenantId)
      )[0].n,
    deliveries: async (): Promise<Record<string, number>> => {
      const text = 'select outcome, count(*)::int as n from ledger.delivery where tenant_id = $1 group by outcome';
      const rows = await read(text, fixture.accounts.tenantId);
      return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
    },
  };
}

export function end(reply: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  reply.writeHead(status, headers).end();
}

async function startServer(answer: Answer): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    calls: [],
    open: 0,
    sideBySide: 0,
    server: createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString();
        const call = { headers: request.headers, body, at: performance.now(), data: JSON.parse(body).data };
        receiver.calls.push(call);
        receiver.open += 1;
        receiver.sideBySide = Math.max(receiver.sideBySide, receiver.open);
        reply.once('close', () => {
          receiver.open -= 1;
        });
        answer(call, reply);
      });
    }),
    received: async (count) => {
      await until(() => Promise.resolve(receiver.calls.length >= count), 30_000);
      return receiver.calls;
    },
  };
  await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/notices`;
  return receiver;
}

/** A separate namespace, so that no other test file's worker takes these tasks. */
async function makeNamespace(client: Client, namespace: string): Promise<void> {
  // The generated type wants a Long; a number is encoded as well.
  const workflowExecutionRetentionPeriod = { seconds: 86_400 as never };
  await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  // The server's services get to know it one after the other.
  const isKnown = () =>
    client.workflow.count().then(
      () => true,
      () => false,
    );
  await until(isKnown, 30_000);
}
