import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** What somebody read. */
export type AccessSubject = 'account' | 'balance' | 'statement';

/**
 * How often `actor` read something in a minute (RFC 3339). `subjectId`: the account, or the statement; null: a list of them, or more of them
 * than are counted apart. `id` is made once, so that the same row may be sent again.
 */
export type AccessRow = {
  id: Uuid;
  tenantId: Uuid;
  minute: string;
  actor: string;
  subjectType: AccessSubject;
  subjectId: Uuid | null;
  count: number;
};

/** Rows of one call, which is one commit. */
export const accessesMax = 2_000;

/** Writes who read what: at most {@link accessesMax} a call. A row that is there already stays. Returns how many were written. For the API's login. */
export const noteAccesses = (pool: pg.Pool, rows: readonly AccessRow[]): Promise<number> =>
  call(pool, 'select ledger.note_accesses($1) as answer', [
    JSON.stringify(
      rows.map(({ id, tenantId, minute, actor, subjectType, subjectId, count }) => ({
        ...{ id, tenant_id: tenantId, minute, actor },
        ...{ subject_type: subjectType, subject_id: subjectId, count },
      })),
    ),
  ]);
