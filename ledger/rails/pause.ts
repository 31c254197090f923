import type pg from 'pg';
import { call } from '../call.ts';

/**
 * Pauses a rail: nothing is sent on it, no probe either, until it is resumed. `why` is shown with the rail and kept in the
 * audit log; null resumes the rail. For an operator's login, the owner. Throws when there is no such rail.
 */
export async function pauseRail(
  pool: pg.Pool,
  { rail, actor, why }: { rail: string; actor: string; why: string | null },
): Promise<void> {
  await call(pool, 'select ledger.pause_rail($1, $2, $3)::text as answer', [rail, actor, why]);
}
