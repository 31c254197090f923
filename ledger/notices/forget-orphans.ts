import type pg from 'pg';
import { call } from '../call.ts';

/** Deletes at most `limit` (10,000) notices of endpoints that were deleted. Returns how many went. */
export const forgetOrphans = (pool: pg.Pool, limit: number): Promise<number> =>
  call(pool, 'select ledger.forget_orphans($1) as answer', [limit]);
