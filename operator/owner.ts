import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { createApiKey } from '../ledger/access/create-api-key.ts';
import { createTenant } from '../ledger/access/create-tenant.ts';
import { pauseRail } from '../ledger/rails/pause.ts';

const actor = 'operator';
const secretBytes = 32;

/** What only an operator with the owner's login may do: make tenants and their first keys. */
export type Operator = {
  /** The id of the oldest tenant with that name, or null. */
  findTenant: (name: string) => Promise<string | null>;
  /** Makes a tenant and answers its id, a UUID. */
  makeTenant: (name: string) => Promise<string>;
  /** Makes a key and answers its secret, which is stored nowhere and cannot be shown again. */
  makeKey: (key: {
    tenantId: string;
    name: string;
    scopes: readonly string[];
    rateLimit: number | null;
  }) => Promise<string>;
  /** Pauses a rail, with the reason that is shown with it; null resumes it. */
  pauseRail: (rail: string, why: string | null) => Promise<void>;
};

/** Does an operator's work on one connection, which is closed afterwards. */
export async function asOperator<T>(owner: string, work: (operator: Operator) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({
    connectionString: owner,
    max: 1,
    application_name: 'quittance-admin',
    connectionTimeoutMillis: 5_000,
  });
  // Unheard, the loss of an idle connection would end the process; the next statement tells it anyway.
  pool.on('error', () => {});
  try {
    return await work(operatorOn(pool));
  } finally {
    await pool.end();
  }
}

function operatorOn(pool: pg.Pool): Operator {
  return {
    findTenant: async (name) => {
      const sql = 'select id from ledger.tenant where name = $1 order by created_at, id limit 1';
      return (await pool.query<{ id: string }>(sql, [name])).rows[0]?.id ?? null;
    },
    makeTenant: async (name) => {
      const id = v7();
      await createTenant(pool, { id, name, actor });
      return id;
    },
    makeKey: async (key) => {
      const secret = `qk_${randomBytes(secretBytes).toString('base64url')}`;
      await createApiKey(pool, { ...key, id: v7(), secret, expiresAt: null, actor, idempotencyKey: null });
      return secret;
    },
    pauseRail: (rail, why) => pauseRail(pool, { rail, actor, why }),
  };
}
