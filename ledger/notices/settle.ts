import type pg from 'pg';
import { call } from '../call.ts';

/** One try to deliver a notice, and what became of it. `tryN` counts from 1; `id` is a fresh UUID of the delivery. */
export type Settlement = {
  id: string;
  endpointId: string;
  subjectId: string;
  version: number;
  tryN: number;
  outcome: 'delivered' | 'failed' | 'given_up';
  status: number | null;
  error: string | null;
  tookMs: number;
  /** For `failed`: how long until the next try. */
  nextInMs: number | null;
};

/** Writes what became of one try. Idempotent: false when that try was settled before. Rules: ledger.settle_notice. */
export const settleNotice = (pool: pg.Pool, settlement: Settlement): Promise<boolean> =>
  call(pool, 'select ledger.settle_notice($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as answer', [
    settlement.id,
    settlement.endpointId,
    settlement.subjectId,
    settlement.version,
    settlement.tryN,
    settlement.outcome,
    settlement.status,
    settlement.error,
    settlement.tookMs,
    settlement.nextInMs,
  ]);
