import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { DatabaseLogin } from '../config/iam-passwords.ts';
import { connectionOf } from './login.ts';
import {
  checkSettings,
  type LoginRole,
  roleSettings,
  type SessionSettings,
  SettingsMissing,
  sessionSettings,
} from './session.ts';

/** Bounds of every connection, in milliseconds. Those of its sessions stand in `drizzle/session.ts`. */
const connectionBounds = {
  // A server in the same network connects within milliseconds.
  connectMs: 3_000,
  /** The client's timeout for a server that does not answer: above the statement timeout, so that the server ends it first. */
  silenceMs: 5_000,
  // An idle connection is closed after this long.
  idleMs: 30_000,
} as const;

export type PoolOptions = DatabaseLogin & {
  /** The largest number of connections. */
  max: number;
  /** Shows in pg_stat_activity. */
  name: string;
  /**
   * The role that logs in: its sessions have the settings that the migrator gave it, and each new connection is checked for them.
   * Without it the connection itself asks for `settings`, which a pooler may refuse: for people, tests and benchmarks.
   */
  role?: LoginRole;
  settings?: SessionSettings;
  /** Whether queries of one connection are pipelined. For pools that only read. */
  pipeline?: boolean;
  /** How long one statement may take, in milliseconds, for a person who would rather wait. Not with `role`. */
  statementMs?: number;
  /** How long connecting may take, in milliseconds, for callers that would rather wait than fail. */
  connectMs?: number;
  /** Called for a connection that broke while idle; the pool has dropped it already. */
  onIdleError?: (error: Error) => void;
};

/** A pool of connections to the ledger's database, every one bounded in time. */
export function createPool({
  url,
  password = null,
  max,
  name,
  role,
  settings = {},
  pipeline = false,
  statementMs,
  connectMs = connectionBounds.connectMs,
  onIdleError = () => {},
}: PoolOptions): pg.Pool {
  const own = {
    ...sessionSettings,
    ...settings,
    ...(statementMs !== undefined && { statement_timeout: `${statementMs}ms` }),
  };
  const pool = new pg.Pool({
    ...connectionOf({ url, password }),
    max,
    application_name: name,
    ...(role ? { verify: verifier(roleSettings[role]) } : { options: startOptions(own) }),
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: connectionBounds.idleMs,
    // A server that answers ends the statement first.
    query_timeout: statementMs === undefined ? connectionBounds.silenceMs : statementMs + connectionBounds.connectMs,
    keepAlive: true,
    // The types of pg's pool know neither this option of its client nor `verify`.
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

/** Settings as PostgreSQL takes them at the start of a connection; a space in a value is escaped. */
const startOptions = (settings: SessionSettings): string =>
  Object.entries(settings)
    .map(([key, value]) => `-c ${key}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');

/** How pg's pool checks a new connection before anybody gets it. */
const verifier =
  (settings: SessionSettings) =>
  (client: pg.ClientBase, done: (error?: Error) => void): void => {
    checkSettings(client, settings).then(() => done(), done);
  };

/**
 * Throws {@link SettingsMissing} when sessions of this pool run with other settings than those of its role. A database that cannot be
 * reached now is no reason to stop: each connection is checked when it is made.
 */
export async function refuseWrongSettings(pool: pg.Pool): Promise<void> {
  try {
    (await pool.connect()).release();
  } catch (error) {
    if (error instanceof SettingsMissing) throw error;
  }
}

/** Reads of one tenant, or (for roles that may) of all. */
export type Reader = {
  /** Runs a read that sees the tenant's rows only: row-level security, not the query, is what keeps tenants apart. */
  read<T>(tenantId: string, query: (db: NodePgDatabase) => Promise<T>): Promise<T>;
  /** Runs a read without naming a tenant. With the API's role that sees nothing. */
  readAll<T>(query: (db: NodePgDatabase) => Promise<T>): Promise<T>;
};

/**
 * Binds reads to a pool that was made with `pipeline`. The tenant and its query are one read-only transaction, sent
 * together: the tenant ends with it, whatever connection of a pooler carries it, and nobody's next read can see it.
 */
export function createReader(pool: pg.Pool): Reader {
  return {
    read: (tenantId, query) => inTransaction(pool, tenantId, query),
    readAll: (query) => inTransaction(pool, '', query),
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  tenantId: string,
  query: (db: NodePgDatabase) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const broken = () => client.release(true);
  try {
    // Not awaited before the query: all are sent together, and the server answers them in this order.
    const begun = client.query('begin read only');
    const named = client.query("select set_config('quittance.tenant', $1, true)", [tenantId]);
    const [, , found] = await Promise.all([begun, named, query(drizzle(client))]);
    // The caller has its answer; the connection is given back when the transaction has ended.
    void client.query('commit').then(() => client.release(), broken);
    return found;
  } catch (error) {
    broken();
    throw error;
  }
}
