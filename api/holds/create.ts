import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { holdDays } from '../../domain/hold.ts';
import { toPublic } from '../../domain/ids.ts';
import { undatedRefusals } from '../../domain/refusals.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import { created, refused } from '../http/answer.ts';
import { idempotencyKeyOf, keyReused } from '../http/idempotency-key.ts';
import { operation } from '../http/operation.ts';
import { clocksDiffer, headersOf } from './answer.ts';
import { hold, newHold } from './schema.ts';
import { viewAtStart } from './view.ts';

/** `POST /v1/holds`: sets money aside between two accounts; a repetition under the same key gets the same answer. */
export const createHold = operation({
  id: 'createHold',
  summary: 'Hold money',
  description:
    'Sets money of the source aside for the destination: it counts in `held` of the source and cannot be spent. Capture it, in one or more parts, or release it; what is left when it expires is given back by itself. 422: the ledger refused it, which stays so under its key. Drawing on a funding account also needs the scope `funding:write`.',
  body: newHold,
  needsKey: true,
  status: 201,
  success: 'The hold, open.',
  hasLedgerToken: true,
  response: hold,
  refusals: [...undatedRefusals, 'idempotency_key_reused'],
  permit: ({ body, caller }, deps) =>
    mayDraw(caller, { from: [body.source.account_id], amount: BigInt(body.amount) }, deps),
  run: async (input, deps) => {
    const { body, caller } = input;
    const idempotencyKey = idempotencyKeyOf(input);
    check(idempotencyKey !== null, 'this operation needs a key');
    const outcome = await deps.ledger.createHold({
      // With the current time: by default the package never goes back, and after a clock was set back its ids are in the future.
      id: uuidV7({ msecs: Date.now() }),
      tenantId: caller.tenantId,
      idempotencyKey,
      sourceAccountId: body.source.account_id,
      destinationAccountId: body.destination.account_id,
      amount: body.amount,
      currency: body.currency,
      expiresAt: body.expires_at ?? null,
      reference: body.reference ?? null,
      metadata: body.metadata ?? {},
    });
    if (outcome.result === 'key_reused') return keyReused(outcome);
    if (outcome.result === 'too_old') return clocksDiffer(deps);
    if (outcome.result === 'expiry_out_of_range') return expiryRefused();
    const replayed: Record<string, string> = outcome.result === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
    // The same bytes for every repetition.
    const instance = toPublic('hold', outcome.holdId);
    if (outcome.refusal !== null) return refused(outcome.refusal, { instance, headers: replayed });
    const accountIds = [body.source.account_id, body.destination.account_id];
    return created(viewAtStart(outcome.holdId, body, outcome.createdAt), {
      Location: `/v1/holds/${toPublic('hold', outcome.holdId)}`,
      ...(await headersOf(outcome, accountIds, input, deps)),
    });
  },
});

const expiryRefused = () =>
  refused('validation_failed', {
    errors: [
      {
        pointer: '/expires_at',
        code: 'invalid_value',
        message: `must lie ahead, at most ${holdDays.max} days`,
      },
    ],
  });
