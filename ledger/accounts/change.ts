import type pg from 'pg';
import type { AccountStatus } from '../../domain/account.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { call } from '../call.ts';

/** What may change on an account; null leaves a field as it is. */
export type AccountChange = {
  id: string;
  tenantId: string;
  name: string | null;
  metadata: Record<string, string> | null;
  status: AccountStatus | null;
  actor: string;
};

/**
 * Changes an account. Refusals: `not_found`; `account_not_empty` (closing one with money or holds); `state_conflict`
 * (a closed account, or one of the platform's own).
 */
export async function changeAccount(pool: pg.Pool, change: AccountChange): Promise<Result<null>> {
  const answer = await call<'ok' | 'not_found' | 'account_not_empty' | 'state_conflict'>(
    pool,
    'select ledger.change_account($1, $2, $3, $4, $5, $6) as answer',
    [change.id, change.tenantId, change.name, change.metadata, change.status, change.actor],
  );
  return answer === 'ok' ? ok(null) : refused(answer);
}
