import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';

/** Bounds of every connection, in milliseconds. The database, not the client, ends a statement that runs longer. */
const connectionBounds = {
  // A server in the same network connects within milliseconds.
  connectMs: 3_000,
  // The largest batch takes well below a second; three carry a busy server.
  statementMs: 3_000,
  // Locks are held for milliseconds; a longer wait is a fault and is retried.
  lockMs: 500,
  // No program waits inside a transaction; a stalled process must not keep its locks.
  idleInTransactionMs: 2_000,
  /** The client's timeout for a server that does not answer: above the statement timeout, so that the server ends it first. */
  silenceMs: 5_000,
  // An idle connection is closed after this long.
  idleMs: 30_000,
} as const;

/**
 * Settings of a writer's sessions. Plans are generic and never scan: a fresh monthly partition is empty when its plan is
 * cached, and a cached scan of it doubled the cost of a posting within 60,000 transfers (docs/adr/0007).
 */
export const writerSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  jit: 'off',
  // A batch that waits for a lock makes everybody behind it wait, so it gives up sooner than a single command would.
  lock_timeout: '200ms',
} as const;

/**
 * Settings of a reader's sessions. Every list walks an index in its own order; with a bitmap the planner would fetch and sort
 * all rows of a tenant of which it believes that there are few.
 */
export const readerSettings = { enable_seqscan: 'off', enable_bitmapscan: 'off', jit: 'off' } as const;

export type PoolOptions = {
  url: string;
  /** The largest number of connections. */
  max: number;
  /** Shows in pg_stat_activity. */
  name: string;
  settings?: Readonly<Record<string, string>>;
  /** Whether queries of one connection are pipelined. For pools that only read. */
  pipeline?: boolean;
  /** How long connecting may take, in milliseconds, for callers that would rather wait than fail. */
  connectMs?: number;
  /** Called for a connection that broke while idle; the pool has dropped it already. */
  onIdleError?: (error: Error) => void;
};

/** A pool of connections to the ledger's database, every one bounded in time. */
export function createPool({
  url,
  max,
  name,
  settings = {},
  pipeline = false,
  connectMs = connectionBounds.connectMs,
  onIdleError = () => {},
}: PoolOptions): pg.Pool {
  const session = {
    search_path: 'ledger,pg_temp',
    timezone: 'UTC',
    statement_timeout: String(connectionBounds.statementMs),
    lock_timeout: String(connectionBounds.lockMs),
    idle_in_transaction_session_timeout: String(connectionBounds.idleInTransactionMs),
    ...settings,
  };
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    options: Object.entries(session)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(' '),
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: connectionBounds.idleMs,
    query_timeout: connectionBounds.silenceMs,
    keepAlive: true,
    // The type of pg's pool does not know this option of its client yet.
    ...({ pipeline } satisfies object),
  });
  // Without a listener a server restart would end the process.
  pool.on('error', onIdleError);
  // The pool listens while a connection is idle. An error in use also rejects its query; without a listener the
  // event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Whether the database of a pool takes writes: a standby answers too, and so does one that was set to read-only. Throws when it does not answer. */
export async function databaseState(pool: pg.Pool): Promise<'ok' | 'read_only'> {
  const { rows } = await pool.query<{ mode: string }>("select current_setting('transaction_read_only') as mode");
  return rows[0]?.mode === 'off' ? 'ok' : 'read_only';
}

/** Reads of one tenant, or (for roles that may) of all. */
export type Reader = {
  /** Runs a read that sees the tenant's rows only: row-level security, not the query, is what keeps tenants apart. */
  read<T>(tenantId: string, query: (db: NodePgDatabase) => Promise<T>): Promise<T>;
  /** Runs a read without naming a tenant. With the API's role that sees nothing. */
  readAll<T>(query: (db: NodePgDatabase) => Promise<T>): Promise<T>;
};

/**
 * Binds reads to a pool that was made with `pipeline`. The tenant is set on the connection just before the query, in the
 * same round trip; whoever uses the connection next names its own.
 */
export function createReader(pool: pg.Pool): Reader {
  return {
    read: (tenantId, query) => onClient(pool, tenantId, query),
    readAll: (query) => onClient(pool, '', query),
  };
}

async function onClient<T>(pool: pg.Pool, tenantId: string, query: (db: NodePgDatabase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    // Not awaited before the query: both are sent together, and the server answers them in this order.
    const named = client.query({
      name: 'tenant',
      text: "select set_config('quittance.tenant', $1, false)",
      values: [tenantId],
    });
    const [, found] = await Promise.all([named, query(drizzle(client))]);
    broken = false;
    return found;
  } finally {
    client.release(broken);
  }
}
