import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';
import { type OnCommit, toCommitEffects } from '../commit-effects.ts';

/**
 * `closing`: a page of accounts was checked, ask again at once. `open`: `left` statements are not ready, `attention` of them need a
 * person; or, with 0 left, it is not cut to its end.
 */
export type CloseAnswer =
  | { status: 'closed'; statements: number }
  | { status: 'closing' }
  | { status: 'open'; left: number; attention: number };

/**
 * Closes a month of statements when every account has one, or a reason to have none: checks each of them once more against the postings, and
 * keeps a digest over all. The commit that closes it has the event of that, and its notices. Again is harmless. Rules:
 * `ledger.close_statement_month`.
 */
export async function closeStatementMonth(
  pool: pg.Pool,
  { tenantId, month }: { tenantId: Uuid; month: string },
  onCommit: OnCommit,
): Promise<CloseAnswer> {
  const { endpoints = [], ...answer } = await call<CloseAnswer & { endpoints?: string[] }>(
    pool,
    'select ledger.close_statement_month($1, $2) as answer',
    [tenantId, month],
  );
  await onCommit(toCommitEffects({ balances: [], endpoints }));
  return answer;
}
