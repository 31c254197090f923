import type pg from 'pg';
import type { NetworkName } from '../../domain/rail.ts';
import { call } from '../call.ts';

/** What one worker saw of a rail. `badSources`: tenant and bank of each failure, so that one bad number closes no rail. */
export type RailObservation = { rail: NetworkName; good: number; bad: number; badSources: string[] };

/** The database keeps a few of them, of as many tenants as there are. */
const sourcesMax = 500;

/**
 * Counts answers for the breaker that all workers share, by the terms of the rail that the ledger keeps, and returns its
 * state. `closed` is the good one. Rules: ledger.observe_rail.
 */
export const observeRail = (
  pool: pg.Pool,
  { rail, good, bad, badSources }: RailObservation,
): Promise<'open' | 'closed'> =>
  call(pool, 'select ledger.observe_rail($1, $2, $3, $4) as answer', [
    rail,
    good,
    bad,
    badSources.slice(0, sourcesMax),
  ]);
