import type pg from 'pg';
import type { BalanceReading } from '../../domain/account.ts';
import type { Leg } from '../../domain/entry.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { KeyReused } from '../../domain/key-conflict.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';

/** An entry as it is asked for. `id`: of this moment; the entry has it when it is posted. */
export type EntryCommand = {
  id: Uuid;
  tenantId: Uuid;
  key: string;
  /** SHA-256 of the request, hex. */
  fingerprint: string;
  description: string | null;
  /** RFC 3339, or null: the time of the commit. */
  effectiveAt: string | null;
  metadata: Record<string, string>;
} & ({ legs: Leg[]; reversesId: null } | { legs: null; reversesId: Uuid });

/**
 * What the ledger says of one command.
 * - `decided`: posted or refused, by this command or by an earlier call with the same id
 * - `replayed`: an equal request under the same key was decided so before
 * - `key_reused`: the key belongs to another request, and what that one made
 * - `too_old`: the id was not made in the last five minutes; nothing was stored
 * - `not_found`: there is no such entry to reverse; nothing was stored
 * - `archived`: the entry to reverse is in a detached month; nothing was stored
 */
export type EntryOutcome =
  | ({ result: 'decided' | 'replayed' } & EntryDecision)
  | KeyReused
  | { result: 'too_old' | 'not_found' | 'archived' };

/** How a request was decided, with its instants in RFC 3339. `legs`: those of a reversal. `balances`: after this commit; empty when it changed nothing. */
export type EntryDecision = {
  entryId: Uuid;
  refusal: { code: string; leg: number | null } | null;
  createdAt: string;
  effectiveAt: string;
  legs: Leg[] | null;
  balances: BalanceReading[];
};

/** Posts or refuses a batch of entries in one commit. Rules: `ledger.post_entries`. */
export async function postEntries(
  pool: pg.Pool,
  commands: EntryCommand[],
  onCommit: OnCommit,
): Promise<EntryOutcome[]> {
  const answer = await call<Answer>(pool, 'select ledger.post_entries($1) as answer', [
    JSON.stringify(commands.map(toEntryRow)),
  ]);
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  const { balances } = effects;
  return answer.outcomes.map((row, i) => toOutcome(row, commands[i]?.legs ?? row.legs ?? [], balances));
}

/** A command as the functions of the database read it. */
export const toEntryRow = (command: EntryCommand) => ({
  id: command.id,
  tenant_id: command.tenantId,
  key: command.key,
  fingerprint: command.fingerprint,
  reverses_id: command.reversesId,
  legs: command.legs?.map(toLegRow) ?? null,
  description: command.description,
  effective_at: command.effectiveAt,
  metadata: command.metadata,
});

const toLegRow = ({ debitAccountId, creditAccountId, amount, currency }: Leg): LegRow => ({
  debit_account_id: debitAccountId,
  credit_account_id: creditAccountId,
  amount,
  currency,
});

type LegRow = { debit_account_id: string; credit_account_id: string; amount: string; currency: string };
type OutcomeRow = { id: string; legs: LegRow[] | null } & (
  | {
      result: 'decided' | 'replayed';
      entry_id: string;
      refusal: { code: string; leg: number | null } | null;
      created_at: string;
      effective_at: string;
    }
  | KeyReused
  | { result: 'too_old' | 'not_found' | 'archived' }
);
type Answer = { outcomes: OutcomeRow[] } & CommitEffectsRow;

function toOutcome(row: OutcomeRow, legs: readonly (Leg | LegRow)[], balances: BalanceReading[]): EntryOutcome {
  switch (row.result) {
    case 'too_old':
    case 'not_found':
    case 'archived':
      return { result: row.result };
    case 'key_reused':
      return { result: row.result, conflict: row.conflict };
    case 'decided':
      return { result: row.result, ...toDecision(row), balances: balancesOf(legs, balances) };
    case 'replayed':
      return { result: row.result, ...toDecision(row), balances: [] };
  }
}

const toDecision = (row: Extract<OutcomeRow, { created_at: string }>): Omit<EntryDecision, 'balances'> => ({
  entryId: row.entry_id,
  refusal: row.refusal,
  createdAt: row.created_at,
  effectiveAt: row.effective_at,
  legs: row.legs?.map(toLeg) ?? null,
});

/** Those of the accounts that the legs name. */
function balancesOf(legs: readonly (Leg | LegRow)[], balances: BalanceReading[]): BalanceReading[] {
  const named = new Set(legs.flatMap(accountsOf));
  return balances.filter(({ accountId }) => named.has(accountId));
}

const toLeg = (row: LegRow): Leg => ({
  debitAccountId: row.debit_account_id,
  creditAccountId: row.credit_account_id,
  amount: row.amount,
  currency: row.currency,
});

const accountsOf = (leg: Leg | LegRow): Uuid[] =>
  'debitAccountId' in leg ? [leg.debitAccountId, leg.creditAccountId] : [leg.debit_account_id, leg.credit_account_id];
