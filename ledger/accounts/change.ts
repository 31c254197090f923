import type pg from 'pg';
import type { AccountStatus } from '../../domain/account.ts';
import { ok, type Result } from '../../domain/result.ts';
import { call } from '../call.ts';

/**
 * What may change on an account; null leaves a field as it is. Metadata is merged by name: a null in it removes that name,
 * `none` all of them.
 */
export type AccountChange = {
  id: string;
  tenantId: string;
  name: string | null;
  metadata: Readonly<Record<string, string | null>> | 'none' | null;
  status: AccountStatus | null;
  actor: string;
};

type Answer = 'ok' | 'not_found' | 'account_not_empty' | 'state_conflict' | 'too_much_metadata';

/**
 * Changes an account. Refusals: `not_found`; `account_not_empty` (closing one with money or holds); `state_conflict`
 * (a closed account, or one of the platform's own); `too_much_metadata` (with what is there, more than 50 names).
 */
export async function changeAccount(
  pool: pg.Pool,
  { id, tenantId, name, metadata, status, actor }: AccountChange,
): Promise<Result<null, { code: Exclude<Answer, 'ok'> }>> {
  const answer = await call<Answer>(pool, 'select ledger.change_account($1, $2, $3, $4, $5, $6) as answer', [
    id,
    tenantId,
    name,
    // As text it is a null of JSON; a null would be one of SQL.
    metadata === 'none' ? 'null' : metadata,
    status,
    actor,
  ]);
  return answer === 'ok' ? ok(null) : { ok: false, refusal: { code: answer } };
}
