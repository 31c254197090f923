import { createHash } from 'node:crypto';
import type pg from 'pg';
import { call } from '../call.ts';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from './idempotency-key.ts';

/** A key as it is asked for. The secret itself never comes here: only its SHA-256 and its last four characters are kept. */
export type NewApiKey = {
  id: string;
  tenantId: string;
  name: string;
  secret: string;
  scopes: readonly string[];
  /** Requests a second; null is the API's default. */
  rateLimit: number | null;
  expiresAt: string | null;
  actor: string;
  /** Null when the client sent none, and for an operator. */
  idempotencyKey: IdempotencyKey | null;
};

/** Whose key a request carries. Expiry and revocation are told, not judged. */
export type KeyOwner = {
  id: string;
  tenantId: string;
  tenantName: string;
  name: string;
  scopes: string[];
  rateLimit: number | null;
  expiresAt: string | null;
  revokedAt: string | null;
};

/** Makes a key. `replayed` gives the id of the one that an equal request made; its secret is known to nobody here. */
export async function createApiKey(pool: pg.Pool, key: NewApiKey): Promise<MakeOutcome> {
  const text = 'select ledger.create_api_key($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as answer';
  const row = await call<MakeRow>(pool, text, [
    key.id,
    key.tenantId,
    key.name,
    hashOf(key.secret),
    key.secret.slice(-4),
    key.scopes,
    key.rateLimit,
    key.expiresAt,
    key.actor,
    key.idempotencyKey?.key ?? null,
    key.idempotencyKey?.fingerprint ?? null,
  ]);
  return toMakeOutcome(row);
}

/** Revokes a key for ever; again is harmless. False when the tenant has no such key. */
export const revokeApiKey = (
  pool: pg.Pool,
  { id, tenantId, actor }: { id: string; tenantId: string; actor: string },
): Promise<boolean> => call(pool, 'select ledger.revoke_api_key($1, $2, $3) as answer', [id, tenantId, actor]);

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
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

type OwnerRow = {
  id: string;
  tenant_id: string;
  tenant_name: string;
  name: string;
  scopes: string[];
  rate_limit: number | null;
  expires_at: string | null;
  revoked_at: string | null;
};
