import type pg from 'pg';
import type { BalanceReading } from '../../domain/account.ts';
import type { FirstEvent, TransferRequest } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** One member of a group, to be reserved. */
export type ReserveCommand = { groupId: string; request: TransferRequest };

/**
 * What the ledger says of one member.
 * - `decided`: this id owns the key, and `event` is what was decided, now or by an earlier call with the same id
 * - `replayed`: another transfer owns the key, made by an equal request; `event` is that transfer's first
 * - `key_reused`: the key belongs to another request
 * - `too_old`: the id was not made in the last five minutes; nothing was stored
 */
export type ReserveOutcome = {
  id: string;
  tenantId: string;
  result: 'decided' | 'replayed' | 'key_reused' | 'too_old';
  transferId: string | null;
  entryId: string | null;
  fingerprint: string | null;
  event: FirstEvent | null;
  /** Balances after this commit, of the accounts that the request names; empty when this call changed nothing. */
  balances: BalanceReading[];
};

/**
 * Refuses, or reserves (a book transfer is posted), a batch of transfers in one commit: key, checks under row locks,
 * transfer, hold, attempt, event. The same id again answers as it was decided. Rules: "The path of a transfer" in
 * ARCHITECTURE.md, and `ledger.reserve`.
 */
export async function reserve(
  pool: pg.Pool,
  commands: ReserveCommand[],
  onCommit: OnCommit,
): Promise<ReserveOutcome[]> {
  const answer = await call<Answer>(pool, 'select ledger.reserve($1) as answer', [JSON.stringify(commands.map(toRow))]);
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  return answer.outcomes.map((row) => toOutcome(row, effects.balances));
}

const toRow = ({ groupId, request }: ReserveCommand) => ({
  id: request.id,
  tenant_id: request.tenantId,
  group_id: groupId,
  key: request.key,
  fingerprint: request.fingerprint,
  amount: request.amount,
  currency: request.currency,
  rail: request.rail,
  source_account_id: request.sourceAccountId,
  destination_account_id: request.destinationAccountId,
  destination_bank: request.destinationBank,
  reference: request.reference,
  description: request.description,
  execute_at: request.executeAt,
  metadata: request.metadata,
  traceparent: request.traceparent,
});

type OutcomeRow = {
  id: string;
  tenant_id: string;
  transfer_id: string | null;
  entry_id: string | null;
  fingerprint: string | null;
  source_account_id: string;
  destination_account_id: string | null;
  result: ReserveOutcome['result'];
  event: FirstEvent | null;
};
type Answer = { outcomes: OutcomeRow[] } & CommitEffectsRow;

function toOutcome(row: OutcomeRow, balances: BalanceReading[]): ReserveOutcome {
  const isOwn = (reading: BalanceReading) =>
    reading.accountId === row.source_account_id || reading.accountId === row.destination_account_id;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    result: row.result,
    transferId: row.transfer_id,
    entryId: row.entry_id,
    fingerprint: row.fingerprint,
    event: row.event,
    balances: row.result === 'decided' ? balances.filter(isOwn) : [],
  };
}
