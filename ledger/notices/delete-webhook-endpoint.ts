import type pg from 'pg';
import { call } from '../call.ts';

/** Forgets an endpoint and the notices that it still waited for. False when the tenant has no such endpoint. */
export const deleteEndpoint = (
  pool: pg.Pool,
  { id, tenantId, actor }: { id: string; tenantId: string; actor: string },
): Promise<boolean> => call(pool, 'select ledger.delete_webhook_endpoint($1, $2, $3) as answer', [id, tenantId, actor]);
