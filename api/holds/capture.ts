import { v7 as uuidV7 } from 'uuid';
import { toPublic } from '../../domain/ids.ts';
import { created, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { clocksDiffer, headersOf, refusalOf } from './answer.ts';
import { maySettle } from './permit.ts';
import { capture, holdPath, newCapture } from './schema.ts';
import { viewOfCapture } from './view.ts';

/** `POST /v1/holds/{id}/captures`: moves what is held, or a part of it; a repetition under the same key gets the same answer. */
export const captureHold = operation({
  id: 'captureHold',
  summary: 'Capture a hold',
  description:
    'Moves all that is left, or an amount of it, from source to destination: each capture is an entry. The hold stays open until all is captured; a `final` capture gives the rest back. It works while an account is frozen. 409 `state_conflict`: the hold is closed, or its time is over.',
  params: holdPath,
  body: newCapture,
  bodyIsOptional: true,
  needsKey: true,
  status: 201,
  success: 'The capture, and what the hold was after it.',
  hasLedgerToken: true,
  response: capture,
  refusals: ['not_found', 'idempotency_key_reused', 'capture_too_large', 'state_conflict'],
  permit: ({ params, body, caller }, deps) => {
    const amount = body.amount === undefined ? null : BigInt(body.amount);
    return maySettle(caller, { holdId: params.id, amount }, deps);
  },
  run: async (input, deps) => {
    const { params, body, caller } = input;
    const outcome = await deps.ledger.captureHold({
      id: uuidV7({ msecs: Date.now() }),
      tenantId: caller.tenantId,
      idempotencyKey: idempotencyKeyOf(input),
      holdId: params.id,
      amount: body.amount ?? null,
      isFinal: body.final,
    });
    if (outcome.result === 'not_found') return refused('not_found');
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'too_old') return clocksDiffer(deps);
    if (outcome.refusal !== null) return refusalOf(outcome);
    const { hold, facts } = outcome;
    return created(viewOfCapture(facts, hold), {
      Location: `/v1/holds/${toPublic('hold', hold.id)}`,
      ...(await headersOf(outcome, [hold.sourceAccountId, hold.destinationAccountId], input, deps)),
    });
  },
});
