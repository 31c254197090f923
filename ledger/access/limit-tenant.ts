import type pg from 'pg';
import { call } from '../call.ts';

/** Sets how many requests a second all keys of a tenant may make together; null is the API's default. False when there is no such tenant. */
export const limitTenant = (
  pool: pg.Pool,
  { id, rateLimit, actor }: { id: string; rateLimit: number | null; actor: string },
): Promise<boolean> => call(pool, 'select ledger.limit_tenant($1, $2, $3) as answer', [id, rateLimit, actor]);
