import type pg from 'pg';
import { call } from '../call.ts';

/** Revokes a key and all that descend from it, permanently; repeating it is harmless. False when the tenant has no such key. */
export const revokeApiKeyFamily = (
  pool: pg.Pool,
  { id, tenantId, actor }: { id: string; tenantId: string; actor: string },
): Promise<boolean> => call(pool, 'select ledger.revoke_api_key_family($1, $2, $3) as answer', [id, tenantId, actor]);
