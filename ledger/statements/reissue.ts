import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import { call } from '../call.ts';

/**
 * Cuts the next edition of a statement: the same number, range and figures, with the names, the brand and the locale of now; both are kept. Again, while that
 * edition is not ready, answers with it. Refusals: `not_found`; `not_ready`; `replaced`: another edition took its place, reissue that one;
 * `archived`: its postings are in a detached month. For an operator's login. Rules: `ledger.reissue_statement`.
 */
export async function reissueStatement(
  pool: pg.Pool,
  { id, actor }: { id: Uuid; actor: string },
): Promise<Result<{ id: Uuid }, { code: NotReissued }>> {
  const answer = await call<Answer>(pool, 'select ledger.reissue_statement($1, $2) as answer', [id, actor]);
  return answer.result === 'ok' ? ok({ id: answer.id }) : { ok: false, refusal: { code: answer.result } };
}

type NotReissued = 'not_found' | 'not_ready' | 'replaced' | 'archived';
type Answer = { result: 'ok'; id: Uuid } | { result: NotReissued };
