import type pg from 'pg';
import type { BalanceReading } from '../../domain/account.ts';
import type { KeyReused } from '../../domain/key-conflict.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import type { IdempotencyKey } from '../access/idempotency-key.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** A hold as a client asks for it. `amount` is minor units in digits; `expiresAt` is null for seven days from now. */
export type NewHold = {
  id: string;
  tenantId: string;
  idempotencyKey: IdempotencyKey;
  sourceAccountId: string;
  destinationAccountId: string;
  amount: string;
  currency: string;
  expiresAt: Date | null;
  reference: string | null;
  metadata: Record<string, string>;
};

/**
 * What came of it.
 * - `decided`: now, or by an earlier call with the same id; `refusal` where the ledger refused it, which stays so under its key.
 *   `balances`: of its accounts, where this call changed them
 * - `replayed`: an equal request was decided so, under the same key
 * - `key_reused`: the key belongs to another request, and what that one made
 * - `too_old`, `expiry_out_of_range`: nothing is stored
 */
export type NewHoldOutcome =
  | {
      result: 'decided' | 'replayed';
      holdId: string;
      createdAt: Date;
      refusal: RefusalCode | null;
      balances: BalanceReading[];
    }
  | KeyReused
  | { result: 'too_old' }
  | { result: 'expiry_out_of_range' };

/** Makes or refuses holds, a batch in one commit. Rules: `ledger.create_holds`. */
export async function createHolds(pool: pg.Pool, holds: NewHold[], onCommit: OnCommit): Promise<NewHoldOutcome[]> {
  const answer = await call<{ outcomes: OutcomeRow[] } & CommitEffectsRow>(
    pool,
    'select ledger.create_holds($1) as answer',
    [JSON.stringify(holds.map(toHoldRow))],
  );
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  return answer.outcomes.map((row, i) => toOutcome(row, balancesOf(holds[i], effects.balances)));
}

const balancesOf = (hold: NewHold | undefined, balances: BalanceReading[]): BalanceReading[] =>
  balances.filter(({ accountId }) => accountId === hold?.sourceAccountId || accountId === hold?.destinationAccountId);

/** A command as the functions of the database read it. */
export const toHoldRow = ({ idempotencyKey, tenantId, sourceAccountId, destinationAccountId, ...hold }: NewHold) => ({
  id: hold.id,
  tenant_id: tenantId,
  ...idempotencyKey,
  source_account_id: sourceAccountId,
  destination_account_id: destinationAccountId,
  amount: hold.amount,
  currency: hold.currency,
  expires_at: hold.expiresAt,
  reference: hold.reference,
  metadata: hold.metadata,
});

type OutcomeRow =
  | { result: 'decided' | 'replayed'; hold_id: string; created_at: string; refusal: RefusalCode | null }
  | KeyReused
  | { result: 'too_old' }
  | { result: 'expiry_out_of_range' };

function toOutcome(row: OutcomeRow, balances: BalanceReading[]): NewHoldOutcome {
  switch (row.result) {
    case 'decided':
    case 'replayed':
      return {
        result: row.result,
        holdId: row.hold_id,
        createdAt: new Date(row.created_at),
        refusal: row.refusal,
        balances: row.result === 'decided' ? balances : [],
      };
    case 'key_reused':
      return { result: row.result, conflict: row.conflict };
    case 'too_old':
    case 'expiry_out_of_range':
      return { result: row.result };
  }
}
