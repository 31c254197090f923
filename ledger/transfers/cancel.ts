import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { KeyReused } from '../../domain/key-conflict.ts';
import type { TransferState } from '../../domain/transfer.ts';
import type { IdempotencyKey } from '../access/idempotency-key.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** A transfer to be withdrawn, who asks for it, and why. Without a key it may be repeated all the same. */
export type CancelCommand = {
  id: Uuid;
  tenantId: Uuid;
  idempotencyKey: IdempotencyKey | null;
  actor: string;
  reason: string | null;
};

/**
 * What came of it. `at` (RFC 3339) and `version` are those of the event that cancelled it.
 * - `replayed`: it was cancelled before
 * - `state_conflict`: it is in another state, or a send of it may still move money
 * - `key_reused`: the key belongs to another request, and what that one made
 */
export type CancelOutcome = { id: Uuid } & (
  | { result: 'cancelled' | 'replayed'; at: string; version: number }
  | { result: 'state_conflict'; state: TransferState }
  | { result: 'not_found' }
  | KeyReused
);

/** Withdraws at most 500 transfers in one commit, no two commands for one. Rules: docs/states.md, and `ledger.cancel`. */
export async function cancel(pool: pg.Pool, commands: CancelCommand[], onCommit: OnCommit): Promise<CancelOutcome[]> {
  const answer = await call<{ outcomes: OutcomeRow[] } & CommitEffectsRow>(pool, 'select ledger.cancel($1) as answer', [
    JSON.stringify(commands.map(toRow)),
  ]);
  await onCommit(toCommitEffects(answer));
  return answer.outcomes.map(toOutcome);
}

const toRow = ({ id, tenantId, idempotencyKey, actor, reason }: CancelCommand) => ({
  id,
  tenant_id: tenantId,
  key: idempotencyKey?.key ?? null,
  fingerprint: idempotencyKey?.fingerprint ?? null,
  actor,
  reason,
});

type OutcomeRow = { id: string } & (
  | { result: 'cancelled' | 'replayed'; at: string; version: number }
  | { result: 'state_conflict'; state: TransferState }
  | { result: 'not_found' }
  | KeyReused
);

function toOutcome(row: OutcomeRow): CancelOutcome {
  const { id } = row;
  switch (row.result) {
    case 'cancelled':
    case 'replayed':
      return { id, result: row.result, at: row.at, version: row.version };
    case 'state_conflict':
      return { id, result: row.result, state: row.state };
    case 'not_found':
      return { id, result: row.result };
    case 'key_reused':
      return { id, result: row.result, conflict: row.conflict };
  }
}
