import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** A page of accounts to be cut: behind the account `after`, null: from the first. At most 1,000. */
export type CutPage = { tenantId: Uuid; month: string; after: Uuid | null; limit: number };

/**
 * `waiting`: a commit of that month may still run, look again in `waitMs`. `cut`: `seen` accounts were looked at and `cut` of them got a statement; `last` is the
 * `after` of the next page, null when there are no more.
 */
export type CutAnswer =
  | { status: 'waiting'; waitMs: number }
  | { status: 'cut'; last: Uuid | null; seen: number; cut: number };

/** Cuts the statements of a page of accounts: fixes where each ends. Again cuts nothing twice. Rules: `ledger.cut_statements`. */
export async function cutStatements(pool: pg.Pool, { tenantId, month, after, limit }: CutPage): Promise<CutAnswer> {
  const answer = await call<Answer>(pool, 'select ledger.cut_statements($1, $2, $3, $4) as answer', [
    tenantId,
    month,
    after,
    limit,
  ]);
  return answer.status === 'waiting' ? { status: 'waiting', waitMs: answer.wait_ms } : answer;
}

type Answer = { status: 'waiting'; wait_ms: number } | { status: 'cut'; last: Uuid | null; seen: number; cut: number };
