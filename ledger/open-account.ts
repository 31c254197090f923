import type pg from 'pg';
import { call } from './call.ts';

/** An account as it is asked for. `overdraftLimit` is minor units in digits, or null for none; a funding account has no floor. */
export type NewAccount = {
  id: string;
  tenantId: string;
  name: string;
  kind: 'customer' | 'funding';
  currency: string;
  overdraftLimit: string | null;
  reference: string | null;
  metadata: Record<string, string>;
  actor: string;
};

/**
 * Opens an account with its balance, and with it the clearing and suspense accounts that the platform keeps for the tenant
 * in that currency. The same id again is the same account: false then, true when it was opened now.
 */
export const openAccount = (pool: pg.Pool, account: NewAccount): Promise<boolean> =>
  call(pool, 'select ledger.open_account($1, $2, $3, $4, $5, $6, $7, $8, $9) as answer', [
    account.id,
    account.tenantId,
    account.name,
    account.kind,
    account.currency,
    account.overdraftLimit,
    account.reference,
    account.metadata,
    account.actor,
  ]);
