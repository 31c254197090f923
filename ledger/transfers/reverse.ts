import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { ReserveOutcome } from '../../domain/reservation.ts';
import { call } from '../call.ts';
import { type CommitEffectsRow, type OnCommit, toCommitEffects } from '../commit-effects.ts';
import { type OutcomeRow as ReserveOutcomeRow, toOutcome as toReserveOutcome } from './reserve.ts';

/** A book transfer to be undone by a new one, whose id is `id`; who asks for it, and why. */
export type ReverseCommand = {
  id: Uuid;
  tenantId: Uuid;
  reversesId: Uuid;
  key: string;
  fingerprint: string;
  actor: string;
  reason: string | null;
  traceparent: string | null;
};

/** How the new transfer was decided, or why nothing was stored: the key is unused then. */
export type ReverseOutcome =
  | ReserveOutcome
  | { id: Uuid; tenantId: Uuid; result: 'not_found' | 'not_reversible' }
  | { id: Uuid; tenantId: Uuid; result: 'already_reversed'; reversedById: Uuid };

/** Undoes at most 500 transfers in one commit, no two commands for one. Rules: docs/states.md, and `ledger.reverse`. */
export async function reverse(
  pool: pg.Pool,
  commands: ReverseCommand[],
  onCommit: OnCommit,
): Promise<ReverseOutcome[]> {
  const answer = await call<{ outcomes: OutcomeRow[] } & CommitEffectsRow>(
    pool,
    'select ledger.reverse($1) as answer',
    [JSON.stringify(commands.map(toRow))],
  );
  const effects = toCommitEffects(answer);
  await onCommit(effects);
  return answer.outcomes.map((row) => (isOfReversal(row) ? toOutcome(row) : toReserveOutcome(row, effects.balances)));
}

const toRow = ({ tenantId, reversesId, ...command }: ReverseCommand) => ({
  ...command,
  tenant_id: tenantId,
  reverses_id: reversesId,
});

type ReversalRow = { id: string; tenant_id: string } & (
  | { result: 'not_found' | 'not_reversible' }
  | { result: 'already_reversed'; reversed_by_id: string }
);
type OutcomeRow = ReserveOutcomeRow | ReversalRow;

const isOfReversal = (row: OutcomeRow): row is ReversalRow =>
  row.result === 'not_found' || row.result === 'not_reversible' || row.result === 'already_reversed';

const toOutcome = (row: ReversalRow): ReverseOutcome =>
  row.result === 'already_reversed'
    ? { id: row.id, tenantId: row.tenant_id, result: row.result, reversedById: row.reversed_by_id }
    : { id: row.id, tenantId: row.tenant_id, result: row.result };
