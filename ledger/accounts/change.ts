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
  /** Null removes it; absent leaves it. */
  reference?: string | null | undefined;
  /** Minor units in digits; absent leaves it. */
  overdraftLimit?: string | undefined;
  /** The version that the account must still have; null or absent: any. */
  version?: number | null;
  actor: string;
};

type Answer =
  | 'ok'
  | 'not_found'
  | 'changed_since'
  | 'account_not_empty'
  | 'overdraft_in_use'
  | 'state_conflict'
  | 'too_much_metadata';

/**
 * Changes an account. Refusals: `not_found`; `changed_since` (it has another version); `account_not_empty` (closing one with
 * money or holds); `overdraft_in_use` (it is further below zero than the new limit); `state_conflict` (another status or limit
 * of a closed account, an account of the platform's own, or a limit where there is none); `too_much_metadata` (with what is there, more than 50
 * names). What each status allows: docs/account-states.md.
 */
export async function changeAccount(
  pool: pg.Pool,
  { tenantId, overdraftLimit, ...change }: AccountChange,
): Promise<Result<null, { code: Exclude<Answer, 'ok'> }>> {
  // What is undefined is no member of the JSON.
  const command = { ...change, tenant_id: tenantId, overdraft_limit: overdraftLimit };
  const answer = await call<Answer>(pool, 'select ledger.change_account($1) as answer', [command]);
  return answer === 'ok' ? ok(null) : { ok: false, refusal: { code: answer } };
}
