import type pg from 'pg';
import type { BalanceReading } from '../../domain/account.ts';
import type { HoldRefusal, HoldState } from '../../domain/hold.ts';
import type { KeyReused } from '../../domain/key-conflict.ts';
import type { IdempotencyKey } from '../access/idempotency-key.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** A hold as it is now. Amounts are minor units. `entryIds`: of its captures, in their order. */
export type HoldRow = {
  id: string;
  sourceAccountId: string;
  destinationAccountId: string;
  currency: string;
  amount: bigint;
  capturedAmount: bigint;
  state: HoldState;
  version: number;
  reference: string | null;
  metadata: Record<string, string>;
  releaseReason: string | null;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  entryIds: readonly string[];
};

/** A request to do something with a hold. `id` is the request's own; without a key the same request again is another one. */
export type HoldAct = {
  id: string;
  tenantId: string;
  idempotencyKey: IdempotencyKey | null;
  holdId: string;
};

/**
 * A request that was decided. `facts`: what it is, as its verb reads it; null where it was refused. `balances`: of the hold's accounts,
 * where this call changed them.
 */
export type HoldOutcome<Facts> =
  | { result: 'decided' | 'replayed'; hold: HoldRow; refusal: null; facts: Facts; balances: BalanceReading[] }
  | { result: 'decided' | 'replayed'; hold: HoldRow; refusal: HoldRefusal; facts: null }
  | KeyReused
  | { result: 'too_old' }
  | { result: 'not_found' };

/** What the database keeps of a request. */
export type RequestRow = {
  request_id: string;
  entry_id: string | null;
  amount: string | null;
  captured_amount: string | null;
  hold_state: 'open' | 'captured' | null;
  created_at: string;
};

/** Calls a verb that takes a batch of such requests. Rules: `ledger.capture_holds`. */
export async function actOnHolds<Facts>(
  pool: pg.Pool,
  { text, rows, toFacts }: { text: string; rows: readonly object[]; toFacts: (row: RequestRow) => Facts },
  onCommit: OnCommit,
): Promise<HoldOutcome<Facts>[]> {
  const answer = await call<{ outcomes: OutcomeRow[] } & CommitEffectsRow>(pool, text, [JSON.stringify(rows)]);
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  return answer.outcomes.map((row) => toOutcome(row, toFacts, effects.balances));
}

/** The part of a command that every request about a hold has, as the functions of the database read it. */
export const toActRow = ({ id, tenantId, idempotencyKey, holdId }: HoldAct) => ({
  id,
  tenant_id: tenantId,
  key: idempotencyKey?.key ?? null,
  fingerprint: idempotencyKey?.fingerprint ?? null,
  hold_id: holdId,
});

type OutcomeRow =
  | ({ result: 'decided' | 'replayed'; refusal: HoldRefusal | null; hold: HoldJson } & RequestRow)
  | KeyReused
  | { result: 'too_old' }
  | { result: 'not_found' };

type HoldJson = {
  id: string;
  source_account_id: string;
  destination_account_id: string;
  currency: string;
  amount: string;
  captured_amount: string;
  state: HoldState;
  version: number;
  reference: string | null;
  metadata: Record<string, string>;
  release_reason: string | null;
  expires_at: string;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  entry_ids: string[];
};

function toOutcome<Facts>(
  row: OutcomeRow,
  toFacts: (row: RequestRow) => Facts,
  balances: BalanceReading[],
): HoldOutcome<Facts> {
  switch (row.result) {
    case 'decided':
    case 'replayed': {
      const { result, refusal } = row;
      const hold = toHold(row.hold);
      if (refusal !== null) return { result, hold, refusal, facts: null };
      const named = [hold.sourceAccountId, hold.destinationAccountId];
      const own = result === 'decided' ? balances.filter(({ accountId }) => named.includes(accountId)) : [];
      return { result, hold, refusal, facts: toFacts(row), balances: own };
    }
    case 'key_reused':
      return { result: row.result, conflict: row.conflict };
    case 'too_old':
    case 'not_found':
      return { result: row.result };
  }
}

const toHold = (row: HoldJson): HoldRow => ({
  id: row.id,
  sourceAccountId: row.source_account_id,
  destinationAccountId: row.destination_account_id,
  currency: row.currency,
  amount: BigInt(row.amount),
  capturedAmount: BigInt(row.captured_amount),
  state: row.state,
  version: row.version,
  reference: row.reference,
  metadata: row.metadata,
  releaseReason: row.release_reason,
  expiresAt: new Date(row.expires_at),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
  closedAt: row.closed_at === null ? null : new Date(row.closed_at),
  entryIds: row.entry_ids,
});
