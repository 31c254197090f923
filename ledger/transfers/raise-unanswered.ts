import type pg from 'pg';
import { call } from '../call.ts';

/** Gives attention to transfers that are unknown for longer than their rail's limit, at most `limit` (500) of each rail. Returns how many. */
export const raiseUnanswered = (pool: pg.Pool, limit: number): Promise<number> =>
  call(pool, 'select ledger.raise_unanswered($1) as answer', [limit]);
