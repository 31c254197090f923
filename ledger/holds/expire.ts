import type pg from 'pg';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** The place of a hold among those that are due. */
export type DuePlace = { expires_at: string; id: string };

/** `last`: where to go on; null where nothing more is due, or the clocks are not to be relied on yet. */
export type Expired = { count: number; last: DuePlace | null };

/**
 * Expires holds that are due, oldest first, behind a place. It waits for no lock: what is locked is left for the next look. `clock`: the
 * caller's, which must agree with the database's. Rules: `ledger.expire_holds`.
 */
export async function expireHolds(
  pool: pg.Pool,
  { after, limit, clock }: { after: DuePlace | null; limit: number; clock: Date },
  onCommit: OnCommit,
): Promise<Expired> {
  const answer = await call<{ expired: number; last: DuePlace | null } & CommitEffectsRow>(
    pool,
    'select ledger.expire_holds($1, $2, $3) as answer',
    [after, limit, clock],
  );
  await onCommit(toCommitEffects(answer));
  return { count: answer.expired, last: answer.last };
}
