import type pg from 'pg';
import { call } from '../call.ts';

/** Drops the months of the log of deliveries that ended `days` ago (at least 7). Returns how many went. */
export const dropOldDeliveries = (pool: pg.Pool, days: number): Promise<number> =>
  call(pool, 'select ledger.drop_old_deliveries($1) as answer', [days]);
