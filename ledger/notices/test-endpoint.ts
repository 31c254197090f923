import type pg from 'pg';
import { call } from '../call.ts';

/** Sends an endpoint a notice that says nothing. `state_conflict`: it is disabled. */
export const testEndpoint = (
  pool: pg.Pool,
  { id, tenantId, actor }: { id: string; tenantId: string; actor: string },
): Promise<'ok' | 'not_found' | 'state_conflict'> =>
  call(pool, 'select ledger.test_webhook_endpoint($1, $2, $3) as answer', [id, tenantId, actor]);
