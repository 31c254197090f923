import type pg from 'pg';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from '../access/idempotency-key.ts';
import { call } from '../call.ts';

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
  /** Null when the client sent none: then the request made again is another account. */
  idempotencyKey: IdempotencyKey | null;
};

/**
 * Opens an account with its balance, and with it the clearing and suspense accounts that the platform keeps for the tenant
 * in that currency. An equal request under the same key finds the account that the first one opened.
 */
export async function openAccount(pool: pg.Pool, account: NewAccount): Promise<MakeOutcome> {
  const text = 'select ledger.open_account($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as answer';
  const row = await call<MakeRow>(pool, text, [
    account.id,
    account.tenantId,
    account.name,
    account.kind,
    account.currency,
    account.overdraftLimit,
    account.reference,
    account.metadata,
    account.actor,
    account.idempotencyKey?.key ?? null,
    account.idempotencyKey?.fingerprint ?? null,
  ]);
  return toMakeOutcome(row);
}
