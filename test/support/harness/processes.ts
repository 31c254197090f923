import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { v7 as uuidV7 } from 'uuid';
import { check } from '../../../domain/check.ts';
import { toPublic } from '../../../domain/ids.ts';
import { tenantScopes } from '../../../domain/scope.ts';
import { createApiKey } from '../../../ledger/access/create-api-key.ts';
import { createTenant } from '../../../ledger/access/create-tenant.ts';
import { freePort } from '../../../local/ports.ts';
import { anAccount, aTransfer, ledgerOf, type Pools, poolsOf } from '../fixtures/accounts.ts';
import { type FreshDatabase, freshDatabase } from '../fixtures/database.ts';
import { type Program, startProgram } from './program.ts';

/** The platform as processes of its own, with a database, a Temporal namespace and ports that nobody else has. */
export type ProcessPlatform = {
  programs: Record<'api' | 'worker' | 'simulator', Program>;
  apiUrl: string;
  truthUrl: string;
  database: FreshDatabase;
  pools: Pools;
  tenant: Tenant;
  /** Logs and the client history. */
  folder: string;
  /** Ends all processes and forgets the database; the folder too, unless somebody will want to see why the test failed. */
  end(test?: { passed: boolean }): Promise<void>;
};

/** `secret`: an API key with every scope. `accounts`: public ids of customers, each with 1,000.00 dollars. */
export type Tenant = { id: string; secret: string; accounts: string[] };

const customers = 24;
const opening = '100000';
const aDayS = 86_400;

/** Short terms, so that a doubt ends within seconds. None is shorter than what busy processes need to answer. Milliseconds. */
const shortTerms = {
  RAIL_INSTANT_REQUEST_TIMEOUT_MS: '2500',
  RAIL_INSTANT_LEASE_MARGIN_MS: '2000',
  RAIL_INSTANT_QUIET_PERIOD_MS: '2000',
  RAIL_INSTANT_RETRY_MS: '500',
  RAIL_INSTANT_INQUIRY_WAITS_MS: '500,1000,2000',
  RAIL_INSTANT_BREAKER_OPEN_MS: '1000',
  SWEEP_GRACE_MS: '5000',
  SWEEP_EVERY_MS: '5000',
};

/** Starts everything and waits until it answers. */
export async function startProcesses(): Promise<ProcessPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-processes-'));
  const [database, namespace] = await Promise.all([freshDatabase(), newNamespace()]);
  const pools = poolsOf(database);
  const tenant = await settleTenant(pools);
  const ports = {
    api: await freePort(),
    apiMetrics: await freePort(),
    worker: await freePort(),
    bank: await freePort(),
  };
  const programs = startPrograms({ folder, database, namespace, ports });
  await Promise.all(Object.values(programs).map((program) => program.whenReady()));
  return {
    programs,
    apiUrl: `http://127.0.0.1:${ports.api}`,
    truthUrl: `http://127.0.0.1:${ports.bank}/control/truth`,
    database,
    pools,
    tenant,
    folder,
    end: async ({ passed } = { passed: false }) => {
      await Promise.all(Object.values(programs).map((program) => program.stop()));
      await pools.end();
      await database.drop();
      if (passed) await rm(folder, { recursive: true });
    },
  };
}

type Ground = {
  folder: string;
  database: FreshDatabase;
  namespace: string;
  ports: Record<'api' | 'apiMetrics' | 'worker' | 'bank', number>;
};

function startPrograms({ folder, database, namespace, ports }: Ground): ProcessPlatform['programs'] {
  const ours = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    TEMPORAL_ADDRESS: temporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    RAIL_INSTANT_URL: `http://127.0.0.1:${ports.bank}/instant`,
    SHUTDOWN_GRACE_MS: '5000',
    ...shortTerms,
    ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
  };
  return {
    simulator: startProgram({
      name: 'simulator',
      env: { SIMULATOR_PORT: String(ports.bank), SIMULATOR_JOURNAL: join(folder, 'bank.jsonl'), LOG_LEVEL: 'info' },
      health: `http://127.0.0.1:${ports.bank}/ping`,
      logFolder: folder,
    }),
    worker: startProgram({
      name: 'worker',
      env: { ...ours, DATABASE_URL: database.worker, WORKER_METRICS_PORT: String(ports.worker) },
      health: `http://127.0.0.1:${ports.worker}/health`,
      logFolder: folder,
    }),
    api: startProgram({
      name: 'api',
      env: {
        ...ours,
        DATABASE_URL: database.api,
        API_PORT: String(ports.api),
        API_METRICS_PORT: String(ports.apiMetrics),
      },
      health: `http://127.0.0.1:${ports.api}/health`,
      logFolder: folder,
    }),
  };
}

/** A namespace of its own, so that no other test's worker takes these tasks. */
async function newNamespace(): Promise<string> {
  const namespace = `processes-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address: temporalAddress() });
  // The server's own type for a duration wants a Long; protobufjs takes a plain number as well.
  const seconds = aDayS as never;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds } });
  await connection.close();
  return namespace;
}

function temporalAddress(): string {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  check(address, 'TEST_TEMPORAL_ADDRESS is not set: this test belongs to the jest project "real"');
  return address;
}

async function settleTenant(pools: Pools): Promise<Tenant> {
  const id = uuidV7();
  const secret = `qk_${randomBytes(32).toString('base64url')}`;
  await createTenant(pools.root, { id, name: 'Load', actor: 'test' });
  await createApiKey(pools.root, {
    id: uuidV7(),
    tenantId: id,
    name: 'load',
    secret,
    scopes: tenantScopes,
    rateLimit: 1_000_000,
    expiresAt: null,
    actor: 'test',
    idempotencyKey: null,
  });
  const funding = await anAccount(pools, { tenantId: id, kind: 'funding' });
  const ledger = ledgerOf(pools);
  const accounts: string[] = [];
  for (let n = 0; n < customers; n += 1) {
    const account = await anAccount(pools, { tenantId: id, name: `Customer ${n}` });
    const names = { tenantId: id, ada: funding, grace: account };
    await ledger.reserve(randomUUID(), aTransfer(names, { amount: opening }));
    accounts.push(toPublic('account', account));
  }
  return { id, secret, accounts };
}
