import type pg from 'pg';
import { call } from '../call.ts';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from './idempotency-key.ts';
import { hashOf } from './secret-hash.ts';

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

/** Beside what came of making it: the tenant has 500 keys that work, or the key that makes it was revoked meanwhile. */
export type ApiKeyOutcome = MakeOutcome | { result: 'limit' } | { result: 'creator_gone' };

/**
 * Makes a key. `replayed` gives the id of the one that an equal request made; its secret is known to nobody here. An actor
 * `api_key:<id>` is its creator.
 */
export async function createApiKey(pool: pg.Pool, key: NewApiKey): Promise<ApiKeyOutcome> {
  const text = 'select ledger.create_api_key($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as answer';
  const row = await call<MakeRow | { result: 'limit' } | { result: 'creator_gone' }>(pool, text, [
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
  return row.result === 'limit' || row.result === 'creator_gone' ? { result: row.result } : toMakeOutcome(row);
}
