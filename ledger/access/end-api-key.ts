import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Lets a key end at an instant (null: now), never later than it would have; repeating it is harmless. False when the tenant has no
 * such key.
 */
export const endApiKey = (
  pool: pg.Pool,
  { id, tenantId, at, actor }: { id: string; tenantId: string; at: Date | null; actor: string },
): Promise<boolean> =>
  call(pool, 'select ledger.end_api_key($1, $2, $3, $4) as answer', [id, tenantId, at?.toISOString() ?? null, actor]);
