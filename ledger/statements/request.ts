import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { KeyConflict, KeyReused } from '../../domain/key-conflict.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { IdempotencyKey } from '../access/idempotency-key.ts';
import { call } from '../call.ts';

/** A statement that is asked for now, from where the last numbered one ended. `id`: of this moment. */
export type StatementRequest = {
  id: Uuid;
  tenantId: Uuid;
  accountId: Uuid;
  actor: string;
  idempotencyKey: IdempotencyKey | null;
};

type Refusal =
  | { code: 'not_found' | 'account_kind' | 'too_many_statements' }
  | { code: 'key_reused'; conflict: KeyConflict };

/**
 * `made`: cut now. `again`: nothing was posted since the last one of the account, which is the answer. `replayed`: this request was
 * answered before, under the same key.
 */
export type RequestedStatement = { id: Uuid; result: 'made' | 'again' | 'replayed' };

/**
 * Cuts an interim statement. `account_kind`: accounts of the platform's own have none. `too_many_statements`: ten on this day by UTC. For the API's login. Rules:
 * `ledger.request_statement`.
 */
export async function requestStatement(
  pool: pg.Pool,
  { id, tenantId, accountId, actor, idempotencyKey }: StatementRequest,
): Promise<Result<RequestedStatement, Refusal>> {
  const answer = await call<Answer>(pool, 'select ledger.request_statement($1, $2, $3) as answer', [
    { id, tenant_id: tenantId, account_id: accountId, actor },
    idempotencyKey?.key ?? null,
    idempotencyKey?.fingerprint ?? null,
  ]);
  if (answer.result === 'key_reused') return { ok: false, refusal: { code: 'key_reused', conflict: answer.conflict } };
  if ('id' in answer) return ok({ id: answer.id, result: answer.result });
  return { ok: false, refusal: { code: answer.result } };
}

type Answer = RequestedStatement | { result: 'not_found' | 'account_kind' | 'too_many_statements' } | KeyReused;
