import type pg from 'pg';
import { call } from '../call.ts';

/** What one pass over the notices of an endpoint saw. `askedMs`: how long the receiver asked us to wait, 0 when it did not. */
export type EndpointObservation = { endpointId: string; delivered: number; isDown: boolean; askedMs: number };

/** How long an endpoint that is down is paused: at first, and at most. */
export type PauseTerms = { firstMs: number; maxMs: number };

/** How long the endpoint is paused now, and for how long it has accepted nothing. */
export type EndpointHealth = { waitMs: number; failingMs: number };

/** Writes what a pass saw, and pauses an endpoint that is down or asked for it. Rules: ledger.observe_endpoint. */
export async function observeEndpoint(
  pool: pg.Pool,
  { endpointId, delivered, isDown, askedMs }: EndpointObservation,
  { firstMs, maxMs }: PauseTerms,
): Promise<EndpointHealth> {
  const row = await call<{ wait_ms: number; failing_ms: number }>(
    pool,
    'select ledger.observe_endpoint($1, $2, $3, $4, $5, $6) as answer',
    [endpointId, delivered, isDown, askedMs, firstMs, maxMs],
  );
  return { waitMs: row.wait_ms, failingMs: row.failing_ms };
}
