import { v7 as uuidV7 } from 'uuid';
import { createPool, createReader } from '../../drizzle/client.ts';
import { checkSettings, roleSettings } from '../../drizzle/session.ts';
import { createTenant } from '../../ledger/access/create-tenant.ts';
import { openAccount } from '../../ledger/accounts/open.ts';
import { readAccount } from '../../ledger/read/account.ts';
import { readSnapshots } from '../../ledger/worker-reads/snapshot.ts';
import { storyPools } from '../releases/calls.ts';
import { freshNames, tell } from '../releases/story.ts';
import { freshDatabase } from '../support/fixtures/database.ts';
import startServers from '../support/servers/global-setup.ts';
import stopServers from '../support/servers/global-teardown.ts';
import { findPgBouncer, throughPgBouncer } from './pgbouncer.ts';

/**
 * Runs our reads and verbs through a PgBouncer in transaction mode, where two statements of a client may come to two server
 * connections: no tenant sees another's rows, none misses its own, every verb works, and every session has our settings.
 * Ends with 1 when anything is otherwise.
 */
const readers = 16;
const readsEach = 60;

const pgbouncer = await findPgBouncer();
if (!pgbouncer) throw new Error('no pgbouncer here');
process.env['TEST_SERVERS'] = 'postgres';
await startServers();
const database = await freshDatabase();
const faults: string[] = [];
try {
  await throughPgBouncer(pgbouncer, [database.url, database.api, database.worker], async (at) => {
    faults.push(...(await strangersSeen(at)), ...(await verbsFailed(at)), ...(await workerReadsFailed(at)));
  });
} finally {
  await database.drop();
  await stopServers();
}
for (const fault of faults) console.error(fault);
console.log(`${readers * readsEach} reads of two tenants and the verbs of a release, through PgBouncer`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Readers of two tenants at once, more than the pooler has connections: each looks for its own account and for the other's. */
async function strangersSeen(at: (url: string) => string): Promise<string[]> {
  const owner = createPool({ url: database.url, max: 1, name: 'pooler-owner' });
  const pool = createPool({
    url: at(database.api),
    max: readers,
    name: 'pooler',
    role: 'quittance_api',
    pipeline: true,
  });
  try {
    const tenants = [await aTenant(owner, pool), await aTenant(owner, pool)] as const;
    const reader = createReader(pool);
    const seen = await Promise.all(
      Array.from({ length: readers }, async (_, n) => {
        const [own, other] = n % 2 === 0 ? tenants : [tenants[1], tenants[0]];
        let strange = 0;
        for (let i = 0; i < readsEach; i += 1) {
          const id = i % 2 === 0 ? own.accountId : other.accountId;
          const found = await readAccount(reader, own.tenantId, id);
          if ((found !== null) !== (i % 2 === 0)) strange += 1;
        }
        return strange;
      }),
    );
    const strange = seen.reduce((sum, n) => sum + n, 0);
    return strange === 0 ? [] : [`${strange} reads saw an account of another tenant, or missed their own`];
  } finally {
    await Promise.all([pool.end(), owner.end()]);
  }
}

async function aTenant(owner: ReturnType<typeof createPool>, api: ReturnType<typeof createPool>) {
  const [tenantId, accountId] = [uuidV7(), uuidV7()];
  await createTenant(owner, { id: tenantId, name: 'Analytical Engines', actor: 'pooler' });
  const account = { id: accountId, tenantId, name: 'Ada', kind: 'customer' as const, currency: 'USD' };
  await openAccount(api, {
    ...account,
    ...{ overdraftLimit: null, reference: null, metadata: {}, actor: 'pooler', idempotencyKey: null },
  });
  return { tenantId, accountId };
}

/** Reads of a worker, more at one time than the pooler has connections, so that a client's next one comes to another. */
async function workerReadsFailed(at: (url: string) => string): Promise<string[]> {
  const worker = createPool({
    url: at(database.worker),
    max: readers,
    name: 'pooler-worker',
    role: 'quittance_worker',
  });
  try {
    await Promise.all(Array.from({ length: 4 * readers }, () => readSnapshots(worker, [uuidV7()])));
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await worker.end();
  }
}

/** Every verb that a program calls, each program with its login, through the pooler. */
async function verbsFailed(at: (url: string) => string): Promise<string[]> {
  const pools = storyPools({ url: database.url, api: at(database.api), worker: at(database.worker) });
  try {
    await tell(pools, freshNames());
    const client = await pools.worker.connect();
    await checkSettings(client, roleSettings.quittance_worker).finally(() => client.release());
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await pools.end();
  }
}
