import type pg from 'pg';
import type { NetworkName, RailTerms } from '../../domain/rail.ts';
import { call } from '../call.ts';

/** What one worker saw of a rail. `badSources`: tenant and bank of each failure, so that one bad number closes no rail. */
export type RailObservation = { rail: NetworkName; good: number; bad: number; badSources: string[]; terms: RailTerms };

/** The database keeps a few of them, of as many tenants as there are. */
const sourcesMost = 500;

/** Counts answers for the breaker that all workers share, and returns its state. `closed` is the good one. Rules: ledger.observe_rail. */
export function observeRail(
  pool: pg.Pool,
  { rail, good, bad, badSources, terms }: RailObservation,
): Promise<'open' | 'closed'> {
  return call(pool, 'select ledger.observe_rail($1, $2, $3, $4, $5, $6, $7) as answer', [
    rail,
    good,
    bad,
    badSources.slice(0, sourcesMost),
    terms.breakerFailures,
    terms.breakerWindowMs,
    terms.breakerOpenMs,
  ]);
}
