import type pg from 'pg';
import { call } from '../call.ts';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from './idempotency-key.ts';
import { hashOf } from './secret-hash.ts';

/** What a key may do. Null does not restrict. */
export type ApiKeyTerms = {
  name: string;
  scopes: readonly string[];
  /** Requests a second; null is the API's default. */
  rateLimit: number | null;
  expiresAt: string | null;
  /** The only accounts that it may take money from, and change. */
  accountIds: readonly string[] | null;
  /** The largest amount of one request, in minor units of whatever currency. */
  amountMax: bigint | null;
  /** The only networks that it is taken from, in the form of `toNetwork`. */
  addresses: readonly string[] | null;
};

/** A key that nothing restricts but its scopes. */
export const unrestricted = { accountIds: null, amountMax: null, addresses: null } as const;

/** A key as it is asked for. The secret itself never comes here: only its SHA-256 and its last four characters are kept. */
export type NewApiKey = ApiKeyTerms & {
  id: string;
  tenantId: string;
  secret: string;
  actor: string;
  /** Null when the client sent none, and for an operator. */
  idempotencyKey: IdempotencyKey | null;
};

/** Why no key is made: the tenant has 500 that work, or the key that makes it has ended meanwhile. */
export type NoApiKey = { result: 'limit' } | { result: 'creator_gone' };

/**
 * Makes a key. `replayed` gives the id of the one that an equal request made; its secret is known to nobody here. An actor
 * `api_key:<id>` is its creator: the key ends no later than that one.
 */
export async function createApiKey(pool: pg.Pool, key: NewApiKey): Promise<MakeOutcome | NoApiKey> {
  const text = 'select ledger.create_api_key($1, $2, $3, $4, $5, $6, $7, $8) as answer';
  const row = await call<MakeRow | NoApiKey>(pool, text, [
    key.id,
    key.tenantId,
    hashOf(key.secret),
    key.secret.slice(-4),
    JSON.stringify({
      name: key.name,
      scopes: key.scopes,
      rate_limit: key.rateLimit,
      expires_at: key.expiresAt,
      account_ids: key.accountIds,
      amount_max: key.amountMax?.toString() ?? null,
      addresses: key.addresses,
    }),
    key.actor,
    key.idempotencyKey?.key ?? null,
    key.idempotencyKey?.fingerprint ?? null,
  ]);
  return row.result === 'limit' || row.result === 'creator_gone' ? row : toMakeOutcome(row);
}
