import type pg from 'pg';
import { call } from '../call.ts';
import { hashOf } from './secret-hash.ts';

/** Whose key a request carries. Expiry and revocation are returned, not judged. */
export type KeyOwner = {
  id: string;
  tenantId: string;
  tenantName: string;
  name: string;
  scopes: string[];
  rateLimit: number | null;
  /** Its restrictions: see `ApiKeyTerms`. The amount is minor units. */
  accountIds: string[] | null;
  amountMax: string | null;
  addresses: string[] | null;
  /** Since when no key of the tenant is taken, or null. */
  tenantDisabledAt: string | null;
  /** Requests a second of all keys of the tenant together; null is the API's default. */
  tenantRateLimit: number | null;
  expiresAt: string | null;
  revokedAt: string | null;
};

/** The owner of a secret, or null when no key has it. */
export async function authenticate(pool: pg.Pool, secret: string): Promise<KeyOwner | null> {
  const row = await call<OwnerRow | null>(pool, 'select ledger.authenticate($1) as answer', [hashOf(secret)]);
  if (!row) return null;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    tenantName: row.tenant_name,
    name: row.name,
    scopes: row.scopes,
    rateLimit: row.rate_limit,
    accountIds: row.account_ids,
    amountMax: row.amount_max,
    addresses: row.addresses,
    tenantDisabledAt: row.tenant_disabled_at,
    tenantRateLimit: row.tenant_rate_limit,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

type OwnerRow = {
  id: string;
  tenant_id: string;
  tenant_name: string;
  name: string;
  scopes: string[];
  rate_limit: number | null;
  account_ids: string[] | null;
  amount_max: string | null;
  addresses: string[] | null;
  tenant_disabled_at: string | null;
  tenant_rate_limit: number | null;
  expires_at: string | null;
  revoked_at: string | null;
};
