import type pg from 'pg';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from '../access/idempotency-key.ts';
import { call } from '../call.ts';

/** An address that a tenant wants its notices sent to. The secret signs them; it is shown once and never read by the API. */
export type NewEndpoint = {
  id: string;
  tenantId: string;
  url: string;
  description: string | null;
  secret: string;
  /** The events that make notices for it: types, or `transfer.*`. Null or absent: all. */
  eventTypes?: readonly string[] | null | undefined;
  actor: string;
  /** Null when the client sent none. */
  idempotencyKey: IdempotencyKey | null;
};

/**
 * Makes an endpoint. `limit`: the tenant has twenty already, and every event writes one row for each; the key stays free.
 * `replayed` gives the id of the one that an equal request made, which may be deleted by now.
 */
export async function createEndpoint(
  pool: pg.Pool,
  { idempotencyKey, tenantId, eventTypes = null, ...row }: NewEndpoint,
): Promise<MakeOutcome | { result: 'limit' }> {
  const text = 'select ledger.create_webhook_endpoint($1, $2, $3) as answer';
  const answer = await call<MakeRow | { result: 'limit' }>(pool, text, [
    { ...row, tenant_id: tenantId, event_types: eventTypes },
    idempotencyKey?.key ?? null,
    idempotencyKey?.fingerprint ?? null,
  ]);
  return answer.result === 'limit' ? answer : toMakeOutcome(answer);
}
