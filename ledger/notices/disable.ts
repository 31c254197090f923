import type pg from 'pg';
import { call } from '../call.ts';

/** Disables an endpoint that takes no more notices. False when it is disabled, deleted, or started over since. */
export const disableEndpoint = (
  pool: pg.Pool,
  { endpointId, reason }: { endpointId: string; reason: string },
): Promise<boolean> => call(pool, 'select ledger.disable_endpoint($1, $2) as answer', [endpointId, reason]);
