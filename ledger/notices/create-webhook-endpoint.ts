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
  actor: string;
  /** Null when the client sent none. */
  idempotencyKey: IdempotencyKey | null;
};

export type EndpointChange = {
  id: string;
  tenantId: string;
  url: string | null;
  description: string | null;
  status: 'enabled' | 'disabled' | null;
  /** Why it was disabled, in words for its owner. */
  reason: string | null;
  actor: string;
};

/**
 * Makes an endpoint. `limit`: the tenant has twenty already, and every event writes one row for each; the key stays free.
 * `replayed` gives the id of the one that an equal request made, which may be deleted by now.
 */
export async function createEndpoint(pool: pg.Pool, endpoint: NewEndpoint): Promise<MakeOutcome | { result: 'limit' }> {
  const text = 'select ledger.create_webhook_endpoint($1, $2, $3, $4, $5, $6, $7, $8) as answer';
  const row = await call<MakeRow | { result: 'limit' }>(pool, text, [
    endpoint.id,
    endpoint.tenantId,
    endpoint.url,
    endpoint.description,
    endpoint.secret,
    endpoint.actor,
    endpoint.idempotencyKey?.key ?? null,
    endpoint.idempotencyKey?.fingerprint ?? null,
  ]);
  return row.result === 'limit' ? row : toMakeOutcome(row);
}

/** Changes an endpoint; null leaves a field as it is. False when the tenant has no such endpoint. */
export const changeEndpoint = (pool: pg.Pool, change: EndpointChange): Promise<boolean> =>
  call(pool, 'select ledger.change_webhook_endpoint($1, $2, $3, $4, $5, $6, $7) as answer', [
    change.id,
    change.tenantId,
    change.url,
    change.description,
    change.status,
    change.reason,
    change.actor,
  ]);

/** Forgets an endpoint and the notices that it still waited for. False when the tenant has no such endpoint. */
export const deleteEndpoint = (
  pool: pg.Pool,
  { id, tenantId, actor }: { id: string; tenantId: string; actor: string },
): Promise<boolean> => call(pool, 'select ledger.delete_webhook_endpoint($1, $2, $3) as answer', [id, tenantId, actor]);
