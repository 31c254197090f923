import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/**
 * How often a sign-in was refused for one reason, from `windowAt` on (instants are RFC 3339). `tenantId`: whose key it was; null: no key of
 * ours. `last4`: the last characters of that key. `sourceHash`: a keyed hash of the network that it came from, in hex. Both null: more of them
 * than are counted apart. `id` is made once, so that the same row may be sent again.
 */
export type RefusedSignInRow = {
  id: Uuid;
  tenantId: Uuid | null;
  windowAt: string;
  reason: string;
  last4: string | null;
  sourceHash: string | null;
  count: number;
  firstAt: string;
  lastAt: string;
};

/** Rows of one call, which is one commit. */
export const refusedSignInsMax = 200;

/**
 * Writes which sign-ins were refused: at most {@link refusedSignInsMax} rows a call. A row that is there already stays. Returns how many were
 * written. For the API's login.
 */
export const noteRefusedSignIns = (pool: pg.Pool, rows: readonly RefusedSignInRow[]): Promise<number> =>
  call(pool, 'select ledger.note_refused_sign_ins($1) as answer', [
    JSON.stringify(
      rows.map(({ id, tenantId, windowAt, reason, last4, sourceHash, count, firstAt, lastAt }) => ({
        ...{ id, tenant_id: tenantId, window_at: windowAt, reason, last4, source_hash: sourceHash },
        ...{ count, first_at: firstAt, last_at: lastAt },
      })),
    ),
  ]);
