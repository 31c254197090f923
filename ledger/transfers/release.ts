import type pg from 'pg';
import type { TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';
import { workerPatienceMs } from './reserve.ts';

/** A transfer that waits, and the drain's group that took it. */
export type DueCommand = { id: string; carrier: string };

/** Where a member of a drain's group stands. `elsewhere`: another group carries it by now. */
export type DueOutcome = { id: string; state: TransferState | 'elsewhere' };

/**
 * First step of a drain's group: what this carrier holds goes on its way (a network's transfer becomes `submitting`, a
 * book transfer is posted, or fails when its destination was closed). Run twice is run once. Rules: ledger.release_due.
 */
export async function due(pool: pg.Pool, rows: DueCommand[], onCommit: OnCommit): Promise<DueOutcome[]> {
  const answer = await call<{ outcomes: DueOutcome[] } & CommitEffectsRow>(
    pool,
    'select ledger.release_due($1, $2, $3) as answer',
    [rows.map(({ id }) => id), rows.map(({ carrier }) => carrier), workerPatienceMs],
  );
  await onCommit(toCommitEffects(answer));
  return answer.outcomes;
}
