import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Lets at most `limit` (1,000) notices of each kind start over, of an endpoint that starts over: those that were tried, and those
 * that wait. True while some may be left. Rules: ledger.restart_notices.
 */
export const restartNotices = (pool: pg.Pool, endpointId: string, limit: number): Promise<boolean> =>
  call(pool, 'select ledger.restart_notices($1, $2) as answer', [endpointId, limit]);
