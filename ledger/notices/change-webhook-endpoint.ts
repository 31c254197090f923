import type pg from 'pg';
import { call } from '../call.ts';

/** What may change on an endpoint; what is null or absent stays. */
export type EndpointChange = {
  id: string;
  tenantId: string;
  url: string | null;
  status: 'enabled' | 'disabled' | null;
  /** Null removes it; absent leaves it. */
  description?: string | null | undefined;
  /** Null: all events; absent leaves it. */
  eventTypes?: readonly string[] | null | undefined;
  /** Why it was disabled, in words for its owner. */
  reason: string | null;
  /** The version that the endpoint must still have; null or absent: any. */
  version?: number | null;
  actor: string;
};

/** Changes an endpoint. `not_found`: the tenant has no such endpoint; `changed_since`: it has another version. */
export const changeEndpoint = (
  pool: pg.Pool,
  { tenantId, eventTypes, ...change }: EndpointChange,
): Promise<'ok' | 'not_found' | 'changed_since'> =>
  // What is undefined is no member of the JSON.
  call(pool, 'select ledger.change_webhook_endpoint($1) as answer', [
    { ...change, tenant_id: tenantId, event_types: eventTypes },
  ]);
