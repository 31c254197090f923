import type pg from 'pg';
import type { NetworkName } from '../../domain/rail.ts';
import { call } from '../call.ts';

/**
 * What one worker saw of one tenant's transfers to one bank: good answers, failures, and what the failures cost: 1 for one
 * that is told at once, more for one that kept a place until its timeout.
 */
export type SourceCount = { tenant: string; bank: string; good: number; bad: number; cost: number };

/** What one worker saw of a rail. By tenant and bank, so that one bad number stops no bank, and one bank no rail. */
export type RailObservation = { rail: NetworkName; sources: SourceCount[] };

/** The rail's breaker after an observation, and the banks whose own breaker it changed. `closed` is the good one. */
export type Breakers = { breaker: 'open' | 'closed'; banks: { bank: string; breaker: 'open' | 'closed' }[] };

/** Counts answers for the breakers that all workers share, by the terms of the rail that the ledger keeps. Rules: ledger.observe_sends. */
export const observeRail = (pool: pg.Pool, { rail, sources }: RailObservation): Promise<Breakers> =>
  call(pool, 'select ledger.observe_sends($1, $2) as answer', [rail, JSON.stringify(sources)]);
