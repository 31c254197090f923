import type pg from 'pg';
import { call } from './call.ts';

/** An address that a tenant wants its notices sent to. The secret signs them; it is shown once and never read by the API. */
export type NewEndpoint = {
  id: string;
  tenantId: string;
  url: string;
  description: string | null;
  secret: string;
  actor: string;
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

/** Makes an endpoint. False when the tenant has twenty already: every event writes one row for each. */
export const createEndpoint = (pool: pg.Pool, endpoint: NewEndpoint): Promise<boolean> =>
  call(pool, 'select ledger.create_webhook_endpoint($1, $2, $3, $4, $5, $6) as answer', [
    endpoint.id,
    endpoint.tenantId,
    endpoint.url,
    endpoint.description,
    endpoint.secret,
    endpoint.actor,
  ]);

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
