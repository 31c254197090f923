import type pg from 'pg';
import { call } from '../call.ts';

/** Drops at most `limit` (10,000) delivery rows older than `days` (at least 7). Returns how many went. */
export const forgetDeliveries = (pool: pg.Pool, days: number, limit: number): Promise<number> =>
  call(pool, 'select ledger.forget_deliveries($1, $2) as answer', [days, limit]);
