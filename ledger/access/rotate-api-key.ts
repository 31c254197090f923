import type pg from 'pg';
import { call } from '../call.ts';
import type { NoApiKey } from './create-api-key.ts';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from './idempotency-key.ts';
import { hashOf } from './secret-hash.ts';

/** A key that is to replace another, with its terms. */
export type ApiKeyRotation = {
  /** The key that is replaced. It ends after the overlap, or before that if it would anyway. */
  oldId: string;
  id: string;
  tenantId: string;
  secret: string;
  /** When the new key ends; null: when the old one would have ended. */
  expiresAt: string | null;
  overlapMs: number;
  actor: string;
  idempotencyKey: IdempotencyKey | null;
};

/** Why nothing was made. `ended`: the old key works no more. `replaced`: another key that works replaces it already. */
export type NoRotation = NoApiKey | { result: 'not_found' } | { result: 'ended' } | { result: 'replaced'; id: string };

const made: readonly string[] = ['made', 'replayed', 'key_reused'] satisfies MakeRow['result'][];
const isRefused = (row: MakeRow | NoRotation): row is NoRotation => !made.includes(row.result);

/** Replaces a key. `replayed` gives the id of the one that an equal request made. */
export async function rotateApiKey(pool: pg.Pool, rotation: ApiKeyRotation): Promise<MakeOutcome | NoRotation> {
  const text = 'select ledger.rotate_api_key($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as answer';
  const row = await call<MakeRow | NoRotation>(pool, text, [
    rotation.oldId,
    rotation.id,
    rotation.tenantId,
    hashOf(rotation.secret),
    rotation.secret.slice(-4),
    rotation.expiresAt,
    rotation.overlapMs,
    rotation.actor,
    rotation.idempotencyKey?.key ?? null,
    rotation.idempotencyKey?.fingerprint ?? null,
  ]);
  return isRefused(row) ? row : toMakeOutcome(row);
}
