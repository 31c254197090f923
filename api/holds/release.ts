import { v7 as uuidV7 } from 'uuid';
import { found, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { clocksDiffer, headersOf, refusalOf } from './answer.ts';
import { maySettle } from './permit.ts';
import { hold, holdPath, newRelease } from './schema.ts';
import { viewOfHold } from './view.ts';

/** `POST /v1/holds/{id}/release`: gives back what is left. Again, it answers the same. */
export const releaseHold = operation({
  id: 'releaseHold',
  summary: 'Release a hold',
  description:
    'Gives back what is left of the hold; what was captured stays. A hold that is released already stays as it is. It works while an account is frozen. 409 `state_conflict`: the hold was captured, or has expired.',
  params: holdPath,
  body: newRelease,
  bodyIsOptional: true,
  status: 200,
  success: 'The hold, released now or before.',
  hasLedgerToken: true,
  response: hold,
  refusals: ['not_found', 'idempotency_key_reused', 'state_conflict'],
  permit: ({ params, caller }, deps) => maySettle(caller, { holdId: params.id, amount: 0n }, deps),
  run: async (input, deps) => {
    const { params, body, caller } = input;
    const outcome = await deps.ledger.releaseHold({
      id: uuidV7({ msecs: Date.now() }),
      tenantId: caller.tenantId,
      idempotencyKey: idempotencyKeyOf(input),
      holdId: params.id,
      reason: body.reason ?? null,
    });
    if (outcome.result === 'not_found') return refused('not_found');
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'too_old') return clocksDiffer(deps);
    if (outcome.refusal !== null) return refusalOf(outcome);
    const accountIds = [outcome.hold.sourceAccountId, outcome.hold.destinationAccountId];
    return found(viewOfHold(outcome.hold), await headersOf(outcome, accountIds, input, deps));
  },
});
