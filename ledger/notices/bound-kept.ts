import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Keeps the notices of disabled endpoints within their bounds, of at most `limit` (20) endpoints. How many notices it deleted, of
 * endpoints that are disabled for too long. Rules: ledger.bound_kept_notices.
 */
export const boundKeptNotices = (pool: pg.Pool, limit: number): Promise<number> =>
  call(pool, 'select ledger.bound_kept_notices($1) as answer', [limit]);
