import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { undatedRefusals } from '../../domain/refusals.ts';
import { ok } from '../../domain/result.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { readTransfer, type TransferRow } from '../../ledger/read/transfers.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { created, type HttpResult, refused } from '../http/answer.ts';
import { optional, pathId, text } from '../http/fields.ts';
import { type Caller, type OperationInput, operation } from '../http/operation.ts';
import { toFirstView } from './create.ts';
import { transfer } from './schema.ts';

const reversal = z.strictObject({ reason: optional(text(200)) }).meta({
  id: 'NewReversal',
  description: 'Why it is undone: the description of the reversal, and in the story of both. The body may be left out.',
});

type Reversal = OperationInput<{ id: string }, null, z.infer<typeof reversal>>;

/** `POST /v1/transfers/{id}/reversal`: undoes a completed book transfer by a new one, once. */
export const reverseTransfer = operation({
  id: 'reverseTransfer',
  summary: 'Reverse a transfer',
  description:
    'Undoes a `completed` book transfer by a new transfer of the same amount the other way round, which is the answer; in the same commit the first becomes `reversed`. 422: the reversal was declined, because the destination has spent the money or an account is frozen or closed; the transfer stays `completed`, and a later try needs a new key. Where the money comes from a funding account, it also needs the scope `funding:write`.',
  params: pathId('transfer'),
  body: reversal,
  bodyIsOptional: true,
  needsKey: true,
  status: 201,
  success: 'The new transfer, which undoes the first.',
  response: transfer,
  hasLedgerToken: true,
  refusals: ['not_found', 'not_reversible', 'already_reversed', ...undatedRefusals, 'idempotency_key_reused'],
  permit: ({ params, caller }, deps) => mayReverse(params.id, caller, deps),
  run: async (input, deps) => {
    const { params, caller } = input;
    const original = await readTransfer(deps.reader, caller.tenantId, params.id);
    if (!original) return refused('not_found');
    const request = toRequest(original, input);
    const { id, tenantId, key, fingerprint, traceparent, reversesId } = request;
    const command = { id, tenantId, key, fingerprint, traceparent, reversesId };
    const reason = input.body.reason ?? null;
    const outcome = await deps.ledger.reverseTransfer({ ...command, reason, actor: caller.actor });
    switch (outcome.result) {
      case 'not_found':
      case 'not_reversible':
        return refused(outcome.result);
      case 'already_reversed':
        return refused('already_reversed', { transferId: toPublic('transfer', outcome.reversedById) });
      case 'decided':
      case 'replayed':
      case 'key_reused':
      case 'too_old':
      case 'rail_unknown': {
        const first = await toFirstView(request, outcome, input, deps);
        return first.ok ? created(first.value.view, first.value.headers) : first;
      }
    }
  },
});

/** A reversal draws on the account that the transfer went to. */
async function mayReverse(id: string, caller: Caller, deps: Deps): Promise<HttpResult<null>> {
  const original = await readTransfer(deps.reader, caller.tenantId, id);
  const drawnOn = original?.destinationAccountId ?? null;
  return original === null || drawnOn === null
    ? ok(null)
    : mayDraw(caller, { from: [drawnOn], amount: original.amount }, deps);
}

/** The terms of a transfer never change, so a repeated request is rendered from the same. */
function toRequest(original: TransferRow, { body, caller, key, fingerprint, traceparent }: Reversal) {
  check(key !== null, 'this operation needs a key');
  return {
    // With the current time, as for a new transfer.
    id: uuidV7({ msecs: Date.now() }),
    tenantId: caller.tenantId,
    key,
    fingerprint,
    amount: original.amount.toString(),
    currency: original.currency,
    rail: 'book',
    // What is not on the book is refused before these are read.
    sourceAccountId: original.destinationAccountId ?? '',
    destinationAccountId: original.sourceAccountId,
    destinationBank: null,
    reference: null,
    description: body.reason ?? null,
    executeAt: null,
    metadata: {},
    traceparent,
    reversesId: original.id,
  } satisfies TransferRequest & { reversesId: string };
}
