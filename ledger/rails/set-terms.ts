import type pg from 'pg';
import type { NetworkName, RailTerms } from '../../domain/rail.ts';
import { call } from '../call.ts';

/**
 * Keeps the terms of a registered rail in the ledger, which decides by them for every worker. Terms of a newer version stay: then
 * false. Throws for a rail that is not registered. Rules: ledger.set_rail_terms.
 */
export const setRailTerms = (
  pool: pg.Pool,
  { rail, terms, version }: { rail: NetworkName; terms: RailTerms; version: number },
): Promise<boolean> =>
  call(pool, 'select ledger.set_rail_terms($1, $2, $3) as answer', [rail, version, JSON.stringify(toRow(terms))]);

const toRow = (terms: RailTerms) => ({
  request_timeout_ms: terms.requestTimeoutMs,
  lease_margin_ms: terms.leaseMarginMs,
  quiet_period_ms: terms.quietPeriodMs,
  inquiry_waits_ms: terms.inquiryWaitsMs,
  give_up_ms: terms.giveUpMs,
  retry_ms: terms.retryMs,
  deduplicates_ms: terms.deduplicatesMs,
  breaker_failures: terms.breakerFailures,
  breaker_window_ms: terms.breakerWindowMs,
  breaker_open_ms: terms.breakerOpenMs,
});
