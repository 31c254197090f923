import type pg from 'pg';
import { call } from '../call.ts';

/** Keys that one call notes. */
export const keysNotedMax = 500;

/** Notes that keys were used, each once a minute at most. Returns how many were written; at most {@link keysNotedMax} a call. */
export const noteApiKeysUsed = (pool: pg.Pool, ids: readonly string[]): Promise<number> =>
  call(pool, 'select ledger.note_api_keys_used($1) as answer', [ids]);
