import type pg from 'pg';
import { call } from '../call.ts';

/** How far a month is, or why it cannot go on now: what began in it has not ended, or an account has postings in it that are on no statement yet. */
export type KeptRows =
  | { result: 'more'; step: string; postings: number; entries: number; events: number }
  | { result: 'busy' }
  | { result: 'whole' | 'not_begun' | 'transfers_open' | 'holds_open' | 'statements_not_ready' };

/** Keeps what must go on answering of the next `rows` rows of a month (1 to 20,000). Again goes on behind them. Rules: `ledger.keep_rows`. */
export const keepRows = (pool: pg.Pool, { month, rows }: { month: string; rows: number }): Promise<KeptRows> =>
  call(pool, 'select ledger.keep_rows($1, $2) as answer', [`${month}-01`, rows]);
