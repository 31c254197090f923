import type pg from 'pg';
import type { BalanceReading } from '../../domain/account.ts';
import type { KeyReused } from '../../domain/key-conflict.ts';
import type { ReserveOutcome } from '../../domain/reservation.ts';
import type { FirstEvent, TransferRequest } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** One member of a group, to be reserved. */
export type ReserveCommand = { groupId: string; request: TransferRequest };

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
  const answer = await call<Answer>(pool, 'select ledger.reserve($1) as answer', [
    JSON.stringify(commands.map(toReserveRow)),
  ]);
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  return answer.outcomes.map((row) => toOutcome(row, effects.balances));
}

/** A command as the functions of the database read it. */
export const toReserveRow = ({ groupId, request }: ReserveCommand) => ({
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

/** What `ledger.reserve` answers to one command. */
export type OutcomeRow = {
  id: string;
  tenant_id: string;
  source_account_id: string;
  destination_account_id: string | null;
} & (
  | { result: 'decided' | 'replayed'; transfer_id: string; fingerprint: string; event: FirstEvent }
  | KeyReused
  | { result: 'too_old' | 'rail_unknown' }
);
type Answer = { outcomes: OutcomeRow[] } & CommitEffectsRow;

/** The same in the program's form; `balances` are those of the commit. */
export function toOutcome(row: OutcomeRow, balances: BalanceReading[]): ReserveOutcome {
  const { id, tenant_id: tenantId } = row;
  switch (row.result) {
    case 'too_old':
    case 'rail_unknown':
      return { id, tenantId, result: row.result };
    case 'key_reused':
      return { id, tenantId, result: row.result, conflict: row.conflict };
    case 'replayed':
      return { id, tenantId, result: row.result, ...toDecision(row) };
    case 'decided': {
      const named: (string | null)[] = [row.source_account_id, row.destination_account_id];
      const own = balances.filter(({ accountId }) => named.includes(accountId));
      return { id, tenantId, result: row.result, ...toDecision(row), balances: own };
    }
  }
}

const toDecision = (row: Extract<OutcomeRow, { event: FirstEvent }>) => ({
  transferId: row.transfer_id,
  fingerprint: row.fingerprint,
  event: row.event,
});
