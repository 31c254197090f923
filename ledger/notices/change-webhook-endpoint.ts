import type pg from 'pg';
import { call } from '../call.ts';

/** What may change on an endpoint; null leaves a field as it is. */
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

/** Changes an endpoint. False when the tenant has no such endpoint. */
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
