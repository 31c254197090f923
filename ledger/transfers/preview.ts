import type pg from 'pg';
import type { Next, TransferRequest, TransferState } from '../../domain/transfer.ts';
import { call } from '../call.ts';
import { toReserveRow } from './reserve.ts';

/** What the ledger would decide about a transfer now. `rail_unknown`: no worker that knows this network has started yet. */
export type Preview =
  | { result: 'decided'; state: TransferState; refusal: string | null; next: Next | null }
  | { result: 'rail_unknown' };

type Row =
  | {
      result: 'decided';
      state: TransferState;
      refusal: string | null;
      next: { what: Next['what']; at: string; waiting_for: Next['waitingFor'] } | null;
    }
  | { result: 'rail_unknown' };

/** Decides a transfer as `reserve` does, on rows that are not locked, and writes nothing. */
export async function previewTransfer(pool: pg.Pool, request: TransferRequest): Promise<Preview> {
  const row = await call<Row>(pool, 'select ledger.preview($1) as answer', [
    JSON.stringify(toReserveRow({ groupId: request.id, request })),
  ]);
  if (row.result === 'rail_unknown') return row;
  const { result, state, refusal, next } = row;
  return { result, state, refusal, next: next && { what: next.what, at: next.at, waitingFor: next.waiting_for } };
}
