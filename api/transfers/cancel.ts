import { z } from 'zod';
import { readTransfer } from '../../ledger/read/transfers.ts';
import type { CancelOutcome } from '../../ledger/transfers/cancel.ts';
import { mayUseSourceOf } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { type Answer, found, refused } from '../http/answer.ts';
import { optional, pathId, text } from '../http/fields.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { type OperationInput, operation } from '../http/operation.ts';
import { viewFor } from './get.ts';
import { tokenOf } from './ledger-token.ts';
import { transfer } from './schema.ts';
import { viewAtCancellation } from './view.ts';

const cancellation = z
  .strictObject({ reason: optional(text(200)) })
  .meta({ id: 'NewCancellation', description: 'Why it is withdrawn, for its story. The body may be left out.' });

/** `POST /v1/transfers/{id}/cancellation`: withdraws a scheduled transfer in time. Harmless to repeat. */
export const cancelTransfer = operation({
  id: 'cancelTransfer',
  summary: 'Cancel a transfer',
  description:
    'Withdraws a transfer that is `scheduled` and that no rail can have taken; its funds are available again. The answer is the transfer as it was cancelled, also when it was cancelled before. Any other state is 409 `state_conflict`, which uses no `Idempotency-Key`.',
  params: pathId('transfer'),
  body: cancellation,
  bodyIsOptional: true,
  status: 200,
  success: 'The transfer, cancelled now or before.',
  response: transfer,
  hasLedgerToken: true,
  refusals: ['not_found', 'state_conflict', 'idempotency_key_reused'],
  permit: ({ params, caller }, deps) => mayUseSourceOf(caller, params.id, deps),
  run: async (input, deps) => {
    const { params, body, caller } = input;
    const outcome = await deps.ledger.cancelTransfer({
      id: params.id,
      tenantId: caller.tenantId,
      idempotencyKey: idempotencyKeyOf(input),
      actor: caller.actor,
      reason: body.reason ?? null,
    });
    switch (outcome.result) {
      case 'key_reused':
        return keyReused(outcome);
      case 'not_found':
        return refused('not_found');
      case 'state_conflict':
        return refused('state_conflict', { detail: conflicts[outcome.state] ?? notScheduled });
      case 'cancelled':
      case 'replayed':
        return show(outcome, input, deps);
    }
  },
});

const notScheduled = 'Only a scheduled transfer can be cancelled.';
const conflicts: Record<string, string> = {
  scheduled: 'The transfer was sent before and its rail may still take it, so it cannot be cancelled.',
  submitting: 'The transfer is on its way to its rail, so it cannot be cancelled.',
  unknown: 'The rail may have taken the transfer, so it cannot be cancelled.',
};

type Cancelled = Extract<CancelOutcome, { result: 'cancelled' | 'replayed' }>;

/** The terms of a transfer never change, and neither does what the event says, so a repeated request gets the same answer. */
async function show(
  cancelled: Cancelled,
  { caller, versions }: Pick<OperationInput<unknown, unknown, unknown>, 'caller' | 'versions'>,
  deps: Deps,
): Promise<Answer> {
  const { tenantId } = caller;
  const row = await readTransfer(deps.reader, tenantId, cancelled.id);
  if (!row) return refused('not_found');
  const token = await tokenOf({ tenantId, accountIds: [row.sourceAccountId], known: versions }, deps);
  return found(viewAtCancellation(viewFor(caller, row, deps), cancelled), {
    ...(token !== null && { 'Ledger-Token': token }),
    ...(cancelled.result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
  });
}
