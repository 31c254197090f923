import { holdDays } from '../../domain/hold.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { HoldRow } from '../../ledger/holds/act.ts';
import type { Capture } from '../../ledger/holds/capture.ts';
import { sortedByName } from '../http/metadata.ts';
import type { CaptureView, HoldView, NewHoldBody } from './schema.ts';

/** A hold as it is now. */
export const viewOfHold = (row: HoldRow): HoldView => ({
  id: toPublic('hold', row.id),
  object: 'hold',
  status: row.state,
  source: { account_id: toPublic('account', row.sourceAccountId) },
  destination: { account_id: toPublic('account', row.destinationAccountId) },
  amount: row.amount.toString(),
  currency: row.currency,
  captured_amount: row.capturedAmount.toString(),
  held_amount: row.state === 'open' ? (row.amount - row.capturedAmount).toString() : '0',
  expires_at: row.expiresAt.toISOString(),
  reference: row.reference,
  metadata: sortedByName(row.metadata),
  release_reason: row.releaseReason,
  entry_ids: row.entryIds.map((id) => toPublic('entry', id)),
  version: row.version,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
  closed_at: row.closedAt?.toISOString() ?? null,
});

const dayMs = 86_400_000;

/** A hold as it was made: a pure function of the request and that instant, so that a repeated request gets the same bytes. */
export const viewAtStart = (id: Uuid, body: NewHoldBody, createdAt: Date): HoldView =>
  viewOfHold({
    id,
    sourceAccountId: body.source.account_id,
    destinationAccountId: body.destination.account_id,
    currency: body.currency,
    amount: BigInt(body.amount),
    capturedAmount: 0n,
    state: 'open',
    version: 1,
    reference: body.reference ?? null,
    metadata: body.metadata ?? {},
    releaseReason: null,
    expiresAt: body.expires_at ?? new Date(createdAt.getTime() + holdDays.default * dayMs),
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    entryIds: [],
  });

/** A capture of a hold in that currency, as it was made. */
export const viewOfCapture = (
  { id, entryId, amount, capturedAmount, holdState, createdAt }: Capture,
  hold: Pick<HoldRow, 'id' | 'currency'>,
): CaptureView => ({
  id: toPublic('holdCapture', id),
  object: 'hold_capture',
  hold_id: toPublic('hold', hold.id),
  entry_id: toPublic('entry', entryId),
  amount,
  currency: hold.currency,
  captured_amount: capturedAmount,
  hold_status: holdState,
  created_at: createdAt.toISOString(),
});
