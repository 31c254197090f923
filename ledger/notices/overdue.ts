import type pg from 'pg';
import { call } from '../call.ts';

/** Endpoints with a notice overdue by more than the grace, at most `limit` (500). */
export const overdueEndpoints = (pool: pg.Pool, graceMs: number, limit: number): Promise<string[]> =>
  call(pool, 'select ledger.overdue_endpoints($1, $2) as answer', [graceMs, limit]);
