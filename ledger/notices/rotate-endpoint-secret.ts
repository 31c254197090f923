import type pg from 'pg';
import { type IdempotencyKey, type MakeOutcome, type MakeRow, toMakeOutcome } from '../access/idempotency-key.ts';
import { call } from '../call.ts';

/** Another secret for an endpoint. `overlapMs`: how long the one before signs beside it. */
export type SecretRotation = {
  id: string;
  tenantId: string;
  secret: string;
  overlapMs: number;
  actor: string;
  idempotencyKey: IdempotencyKey | null;
};

/** Rotates the secret of an endpoint. `not_found` leaves the key free; `replayed`: an equal request did it. */
export async function rotateEndpointSecret(
  pool: pg.Pool,
  { id, tenantId, secret, overlapMs, actor, idempotencyKey }: SecretRotation,
): Promise<MakeOutcome | { result: 'not_found' }> {
  const row = await call<MakeRow | { result: 'not_found' }>(
    pool,
    'select ledger.rotate_endpoint_secret($1, $2, $3) as answer',
    [
      { id, tenant_id: tenantId, secret, overlap_ms: overlapMs, actor },
      idempotencyKey?.key ?? null,
      idempotencyKey?.fingerprint ?? null,
    ],
  );
  return row.result === 'not_found' ? row : toMakeOutcome(row);
}
