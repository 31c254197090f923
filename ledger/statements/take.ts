import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { StatementFacts, StatementSum } from '../../domain/statement.ts';
import { call } from '../call.ts';

/**
 * A statement that the taker may make, alone, until its lease is over. `tries`: how often it was put off, or its lease ran out; `parts`: documents that it has, the manifest of several not counted.
 * `day` (yyyymmdd, UTC) and `sequenceOfDay` are those of an interim one. `replacesId`: the edition before it.
 */
export type TakenStatement = {
  facts: StatementFacts;
  lease: string;
  tries: number;
  keepYears: number;
  parts: number;
  day: string | null;
  sequenceOfDay: number | null;
  replacesId: Uuid | null;
};

/**
 * `left`: how many are not ready yet, those taken included; a count that stops at 1,000. `waitMs`: until another can be taken, 0 at
 * once; null: nothing is left.
 */
export type TakenStatements = { taken: TakenStatement[]; left: number; waitMs: number | null };

/** Whose statements are taken, at most `limit` (200). `month` null: those that no month's run makes. */
export type TakeStatements = { tenantId: Uuid; month: string | null; limit: number; leaseMs: number };

/** Takes statements to be made, the longest due first, as many as the month's pace allows. Rules: `ledger.take_statements`. */
export async function takeStatements(
  pool: pg.Pool,
  { tenantId, month, limit, leaseMs }: TakeStatements,
): Promise<TakenStatements> {
  const answer = await call<Answer>(pool, 'select ledger.take_statements($1, $2, $3, $4) as answer', [
    tenantId,
    month,
    limit,
    leaseMs,
  ]);
  return { taken: answer.taken.map(toTaken), left: answer.left, waitMs: answer.wait_ms };
}

type SumRow = { count: number; amount: string };
type FactsRow = Omit<
  StatementFacts,
  'opening' | 'closing' | 'moneyIn' | 'moneyOut' | 'late' | 'held' | 'fromSeq' | 'toSeq'
> & {
  opening: string;
  closing: string;
  moneyIn: SumRow;
  moneyOut: SumRow;
  late: SumRow;
  held: string;
  fromSeq: string;
  toSeq: string;
};
type TakenRow = Omit<TakenStatement, 'facts'> & { facts: FactsRow };
type Answer = { taken: TakenRow[]; left: number; wait_ms: number | null };

const toTaken = ({ facts, ...row }: TakenRow): TakenStatement => ({
  ...row,
  facts: {
    ...facts,
    opening: BigInt(facts.opening),
    closing: BigInt(facts.closing),
    moneyIn: toSum(facts.moneyIn),
    moneyOut: toSum(facts.moneyOut),
    late: toSum(facts.late),
    held: BigInt(facts.held),
    fromSeq: BigInt(facts.fromSeq),
    toSeq: BigInt(facts.toSeq),
  },
});

const toSum = ({ count, amount }: SumRow): StatementSum => ({ count, amount: BigInt(amount) });
