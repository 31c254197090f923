import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { ok, type Result } from '../../domain/result.ts';
import { call } from '../call.ts';

/**
 * Ends a tenant's month at this moment, before it is over, and without waiting for finance. For trying statements out: an operator's login, and never in
 * production. `month`: the one that is to be ended; absent: the one that is not over. Refusals: `not_found`; `not_next`: another month is the one.
 * The month after it begins at this moment. Rules: `ledger.end_statement_month`.
 */
export async function endStatementMonth(
  pool: pg.Pool,
  { tenantId, month, actor }: { tenantId: Uuid; month?: string | undefined; actor: string },
): Promise<Result<{ month: string }, { code: 'not_found' | 'not_next' }>> {
  const answer = await call<Answer>(pool, 'select ledger.end_statement_month($1, $2, $3) as answer', [
    tenantId,
    month ?? null,
    actor,
  ]);
  return answer.result === 'ok' ? ok({ month: answer.month }) : { ok: false, refusal: { code: answer.result } };
}

type Answer = { result: 'ok'; month: string } | { result: 'not_found' | 'not_next' };
