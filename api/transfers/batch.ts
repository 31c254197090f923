import { check } from '../../domain/check.ts';
import { ok } from '../../domain/result.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { found, type HttpResult, refused } from '../http/answer.ts';
import { spread, toProblem } from '../http/middleware/problems.ts';
import { type Caller, type OperationInput, operation } from '../http/operation.ts';
import { countRequest } from '../http/request/count-request.ts';
import { fingerprintOf } from '../http/request/fingerprint.ts';
import type { Json } from '../http/request/strict-json.ts';
import { refuseHeader } from '../http/request/validate.ts';
import { batchAnswer, batchLimits, type NewMember, newBatch } from './batch-schema.ts';
import { type FirstView, submitTransfer } from './create.ts';
import { tokenOf } from './ledger-token.ts';

type BatchInput = OperationInput<null, null, { transfers: NewMember[] }>;

/** `POST /v1/transfers/batch`: many transfers in one request, each decided and answered by itself. */
export const createTransfers = operation({
  id: 'createTransfers',
  summary: 'Move money many times',
  description:
    'At most 500 transfers in 512 KiB. Each is decided by itself: some may be declined while others are completed, and nothing is said about their order. Each has its own `idempotency_key`, and none stands in a header; a key twice is 400, as is any field that cannot be accepted, and then nothing is done with any member. Each counts as a request against the rate limits; one that is above them is answered 429 in its place. A member and `POST /v1/transfers` with the same key and the same fields are one request, so what has no outcome may be repeated in another batch or alone.',
  body: newBatch,
  refusesKey: true,
  bodyLimits: batchLimits,
  status: 200,
  success: 'One answer for each member, in their order, whatever each of them is.',
  response: batchAnswer,
  hasLedgerToken: true,
  refusals: ['validation_failed'],
  permit: async ({ body, caller, key }, deps) =>
    key === null
      ? mayDrawAll(body.transfers, caller, deps)
      : refuseHeader('Idempotency-Key', 'must be left out: each member has its own'),
  run: async (input, deps) => {
    const { transfers } = input.body;
    const { tenantId } = input.caller;
    const results = await Promise.all(transfers.map((_, i) => submitMember(i, input, deps)));
    const accountIds = transfers.map(({ source }) => source.account_id);
    const token = await tokenOf({ tenantId, accountIds: [...new Set(accountIds)], known: input.versions }, deps);
    const data = transfers.map(({ idempotency_key }, i) => ({ idempotency_key, ...toAnswer(i, results[i]) }));
    return found({ object: 'batch', data }, token === null ? {} : { 'Ledger-Token': token });
  },
});

/** Decided before anything is done, and for all of them: a key is used with the right to all, or not at all. */
async function mayDrawAll(members: NewMember[], caller: Caller, deps: Deps): Promise<HttpResult<null>> {
  for (const { source, amount } of members) {
    const permit = await mayDraw(caller, { from: [source.account_id], amount: BigInt(amount) }, deps);
    if (!permit.ok) return permit;
  }
  return ok(null);
}

/** As a request of its own, of which the first was counted with the batch. */
async function submitMember(i: number, input: BatchInput, deps: Deps): Promise<HttpResult<FirstView>> {
  const member = input.body.transfers[i];
  check(member, 'a batch has its members');
  const taken = i === 0 ? null : await countRequest(input.caller, deps.limiter);
  if (taken?.allowed === false) return refused('rate_limited', { retryAfterMs: taken.retryMs });
  const { idempotency_key: key, ...body } = member;
  return submitTransfer({ ...input, body, key, fingerprint: fingerprintOfMember(i, input.sent) }, deps);
}

/** That of the same request to `POST /v1/transfers`, where the key is no field. */
function fingerprintOfMember(i: number, sent: Json): string {
  const members: unknown = sent !== null && typeof sent === 'object' ? Reflect.get(sent, 'transfers') : null;
  check(Array.isArray(members), 'a batch was read from a list');
  // What was read as JSON is JSON.
  const { idempotency_key: _, ...body } = members[i] as { [name: string]: Json }; // oxlint-disable-line typescript/no-unsafe-type-assertion
  return fingerprintOf({ method: 'POST', route: '/v1/transfers', body });
}

/** `instance` of a problem names the member, where it names no transfer. */
function toAnswer(i: number, result: HttpResult<FirstView> | undefined) {
  check(result, 'each member has its answer');
  const headers = result.ok ? result.value.headers : (result.refusal.headers ?? {});
  const replayed = headers['Idempotent-Replayed'] === 'true';
  if (result.ok) return { status: 201, replayed, body: result.value.view };
  const waitMs = spread(result.refusal.retryAfterMs);
  const body = toProblem(result.refusal, { requestId: `#/transfers/${i}`, waitMs });
  return { status: body.status, replayed, body };
}
