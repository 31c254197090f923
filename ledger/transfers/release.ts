import type pg from 'pg';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** A row that was due, and the group that took it. */
export type ReleaseCommand = { id: string; carrier: string };

/** The state of a member of a due group. `elsewhere`: another group carries it by now. */
export type ReleaseOutcome = { id: string; state: TransferState | 'elsewhere' };

/**
 * First step of a due group: what this carrier holds goes on (a network's transfer becomes `submitting`, a book transfer
 * is posted, or fails when its destination was closed). It may be repeated. Rules: ledger.release_due.
 */
export async function release(pool: pg.Pool, rows: ReleaseCommand[], onCommit: OnCommit): Promise<ReleaseOutcome[]> {
  const answer = await call<{ outcomes: ReleaseOutcome[] } & CommitEffectsRow>(
    pool,
    'select ledger.release_due($1, $2) as answer',
    [rows.map(({ id }) => id), rows.map(({ carrier }) => carrier)],
  );
  await onCommit(toCommitEffects(answer));
  return answer.outcomes;
}
