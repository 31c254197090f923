import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Ends the pause of an endpoint that was down, and lets what waits for it start over. Its status, or null when there is no such
 * endpoint. For an operator's login, the owner.
 */
export const resumeEndpoint = (
  pool: pg.Pool,
  { endpointId, actor }: { endpointId: string; actor: string },
): Promise<'enabled' | 'disabled' | null> =>
  call(pool, 'select ledger.resume_endpoint($1, $2) as answer', [endpointId, actor]);
