import type pg from 'pg';
import { call } from '../call.ts';

/** Makes a tenant: a customer of the platform, whose things nobody else sees. For the operator's tools only. */
export async function createTenant(
  pool: pg.Pool,
  { id, name, actor }: { id: string; name: string; actor: string },
): Promise<void> {
  await call(pool, 'select ledger.create_tenant($1, $2, $3)::text as answer', [id, name, actor]);
}
