import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import { v7 as uuidV7 } from 'uuid';
import { createTenant } from '../ledger/access/create-tenant.ts';
import { poolsOf } from '../test/support/fixtures/accounts.ts';
import { anApiKey } from '../test/support/fixtures/api-key.ts';
import { type FreshDatabase, freshDatabase } from '../test/support/fixtures/database.ts';

let database: FreshDatabase;
let silent: Server;
const sockets = new Set<Socket>();
const children: ChildProcess[] = [];
beforeAll(async () => {
  database = await freshDatabase();
  // A Temporal that accepts connections and never answers.
  silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent?.close();
  await database?.drop();
});

type Program = { child: ChildProcess; api: number; metrics: number; exit: Promise<number | null> };

async function startProgram(environment: Record<string, string> = {}): Promise<Program> {
  const address = silent.address();
  const temporal = typeof address === 'object' && address ? address.port : 0;
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...inherited,
      NODE_ENV: 'test',
      DATABASE_URL: database.api,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
      API_PORT: '0',
      API_METRICS_PORT: '0',
      ...environment,
    },
  });
  children.push(child);
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  for await (const line of createInterface({ input: child.stdout })) {
    const record = JSON.parse(line);
    if (record.msg === 'listening') return { child, api: record.api.port, metrics: record.metrics.port, exit };
  }
  throw new Error('the API ended before it listened');
}

/** Until there is a request without an answer. */
async function untilInFlight({ metrics }: Program): Promise<void> {
  for (;;) {
    const page = await request(`http://127.0.0.1:${metrics}/metrics`);
    if (/^quittance_http_in_flight 1$/m.test(await page.body.text())) return;
    await sleep(5);
  }
}

async function takesConnections({ api }: Program): Promise<boolean> {
  const socket = connect(api, '127.0.0.1');
  const isTaken = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isTaken;
}

test('starts and serves without Temporal, and reports it', async () => {
  const program = await startProgram();
  const health = await request(`http://127.0.0.1:${program.api}/health`);
  expect([health.statusCode, await health.body.json()]).toEqual([
    200,
    expect.objectContaining({
      ...{ status: 'degraded', database: 'ok', temporal: 'away', cache: 'none' },
      workers: {
        groups: 'away',
        upkeep: 'away',
        delivery: 'away',
        statements: 'away',
        archive: 'away',
        'rail-instant': 'away',
      },
    }),
  ]);
  const docs = await request(`http://127.0.0.1:${program.api}/docs/scalar.js`);
  expect(docs.statusCode).toBe(200);
  expect((await docs.body.text()).length).toBeGreaterThan(1_000_000);
  const metrics = await request(`http://127.0.0.1:${program.metrics}/metrics`);
  expect(await metrics.body.text()).toContain('quittance_http_request_seconds_bucket');
});

test('on SIGTERM it accepts no new connection, answers what is in flight, and exits with 0', async () => {
  const program = await startProgram();
  const url = `http://127.0.0.1:${program.api}`;
  // Keep-alive, as a load balancer does.
  await (await request(`${url}/ping`)).body.dump();
  // Health waits a second for Temporal: long enough to be in flight when the signal comes.
  let isAnswered = false;
  const inFlight = request(`${url}/health`).finally(() => {
    isAnswered = true;
  });
  await untilInFlight(program);
  program.child.kill('SIGTERM');
  while (await takesConnections(program)) await sleep(5);
  expect(isAnswered).toBe(false);
  const answered = await inFlight;
  expect(answered.statusCode).toBe(200);
  await answered.body.dump();
  expect(await program.exit).toBe(0);
});

test('requests that last longer than the grace period are cut off', async () => {
  const program = await startProgram({ SHUTDOWN_GRACE_MS: '100' });
  const inFlight = request(`http://127.0.0.1:${program.api}/health`).catch((error: Error) => error);
  await untilInFlight(program);
  program.child.kill('SIGTERM');
  expect(await program.exit).toBe(1);
  expect(await inFlight).toBeInstanceOf(Error);
});

test('what was read, and who was not let in, is written before the program ends', async () => {
  const pools = poolsOf(database);
  try {
    const tenantId = uuidV7();
    await createTenant(pools.root, { id: tenantId, name: 'One', actor: 'test' });
    const secret = await anApiKey(pools, { tenantId });
    const program = await startProgram();
    for (const authorization of [`Bearer ${secret}`, `Bearer ${secret}x`]) {
      const answer = await request(`http://127.0.0.1:${program.api}/v1/accounts`, { headers: { authorization } });
      await answer.body.dump();
    }
    program.child.kill('SIGTERM');
    expect(await program.exit).toBe(0);
    const accesses = await pools.root.query('select tenant_id, subject_type, count from ledger.archive_access');
    expect(accesses.rows).toEqual([{ tenant_id: tenantId, subject_type: 'account', count: 1 }]);
    const refused = await pools.root.query('select reason, count from ledger.archive_refused_sign_in');
    expect(refused.rows).toEqual([{ reason: 'made_up_key', count: 1 }]);
  } finally {
    await pools.end();
  }
});
