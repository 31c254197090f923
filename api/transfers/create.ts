import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { ledgerRefusals } from '../../domain/refusals.ts';
import { ok } from '../../domain/result.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import type { ReserveAnswer } from '../../workflows/contract/messages.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { created, type HttpResult, refused } from '../http/answer.ts';
import { keyReused } from '../http/idempotency-key.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { type OperationInput, operation } from '../http/operation.ts';
import { refusals } from '../http/refusals.ts';
import { tokenOf } from './ledger-token.ts';
import { type NewTransfer, newTransfer, type TransferView, transfer } from './schema.ts';
import { type Terms, viewAtFirst } from './view.ts';

/** `POST /v1/transfers`: one request, one effect, however often it is repeated. */
export const createTransfer = operation({
  id: 'createTransfer',
  summary: 'Move money',
  description:
    'The answer is what the ledger decided, and never changes for its key. 201: funds are reserved, or posted. 422: declined. 503: send the same request again. Drawing on a funding account, which is how customer money comes in, also needs the scope `funding:write`.',
  body: newTransfer,
  needsKey: true,
  status: 201,
  success: 'The transfer as it was decided: funds are posted, or reserved.',
  hasLedgerToken: true,
  response: transfer,
  refusals: [...ledgerRefusals, 'idempotency_key_reused'],
  permit: ({ body, caller }, deps) =>
    mayDraw(caller, { from: [body.source.account_id], amount: BigInt(body.amount) }, deps),
  run: async (input, deps) => {
    const submitted = await submitTransfer(input, deps);
    return submitted.ok ? created(submitted.value.view, submitted.value.headers) : submitted;
  },
});

/** A request for a transfer, at whatever route it arrived: its key and fingerprint are those of that route. */
export type Submitted = OperationInput<unknown, unknown, NewTransfer>;

/** A transfer as its first event left it, with the headers of its answer. */
export type FirstView = { view: TransferView; headers: Record<string, string> };

/**
 * Submits a transfer and waits for what the ledger decides. Refusals: those of the ledger (declined, with the id of the transfer),
 * `idempotency_key_reused`, `not_attempted`, `outcome_unknown`, `internal_error`.
 */
export async function submitTransfer(input: Submitted, deps: Deps): Promise<HttpResult<FirstView>> {
  const request = toRequest(input);
  const result = await deps.intake.submit(request);
  return result.kind === 'answered' ? toFirstView(request, result.answer, input, deps) : refused(result.kind);
}

/** The request in the ledger's form, with an id that nobody has seen. */
export function toRequest({
  body,
  caller,
  key,
  fingerprint,
  traceparent,
}: Omit<Submitted, 'params' | 'query'>): TransferRequest {
  check(key !== null, 'this operation needs a key');
  return {
    // With the current time: by default the package never goes back, and after a clock was set back its ids are in the future.
    id: uuidV7({ msecs: Date.now() }),
    tenantId: caller.tenantId,
    key,
    fingerprint,
    amount: body.amount,
    currency: body.currency,
    rail: body.rail,
    sourceAccountId: body.source.account_id,
    ...toDestination(body),
    reference: body.reference ?? null,
    description: body.description ?? null,
    executeAt: body.execute_at?.toISOString() ?? null,
    metadata: body.metadata ?? {},
    traceparent,
  };
}

function toDestination(body: NewTransfer): Pick<TransferRequest, 'destinationAccountId' | 'destinationBank'> {
  const { destination } = body;
  return destination.bank
    ? { destinationAccountId: null, destinationBank: destination.bank }
    : { destinationAccountId: destination.account_id, destinationBank: null };
}

/** What a client sees of what the ledger said of its request. Refusals as of {@link submitTransfer}. */
export async function toFirstView(
  request: TransferRequest & Pick<Terms, 'reversesId'>,
  answer: ReserveAnswer,
  input: Pick<Submitted, 'versions'>,
  deps: Deps,
): Promise<HttpResult<FirstView>> {
  switch (answer.result) {
    case 'key_reused':
      return keyReused(answer);
    // The ledger never stores an id that is this old, so nothing was done and nothing will be.
    case 'too_old':
      return clocksDiffer(request, deps);
    // A network that no worker knows yet: the workers of this release are still to start.
    case 'rail_unknown':
      return refused('not_attempted');
    case 'internal_error':
      return refused('internal_error');
    case 'undecided':
      return refused('outcome_unknown');
    case 'decided':
    case 'replayed':
      return render(request, answer, input, deps);
  }
}

/** The id was made seconds ago: if it is too old for the ledger, or lies ahead of it, a clock is wrong, and waiting does not help. */
function clocksDiffer(request: TransferRequest, { alarms, clockMs }: Deps): HttpResult<never> {
  const facts = { transfer: toPublic('transfer', request.id), databaseIsAheadMs: clockMs() };
  alarms.raise('clocks_differ', facts, 'a request');
  return refused('not_attempted', {
    detail:
      'Nothing was done: two clocks of this platform differ by more than it allows. The same request can be sent again, and will succeed once they agree.',
  });
}

/** An answer that shows a transfer, the request's own or an earlier one. */
type Decided = Extract<ReserveAnswer, { result: 'decided' | 'replayed' }>;

async function render(
  request: TransferRequest & Pick<Terms, 'reversesId'>,
  answer: Decided,
  input: Pick<Submitted, 'versions'>,
  deps: Deps,
): Promise<HttpResult<FirstView>> {
  if (!isOurs(request, answer)) {
    // The answer is for another request. The outcome of this one is not known, and must not be guessed.
    deps.alarms.raise('answer_of_another_request', {
      transfer: toPublic('transfer', request.id),
      result: answer.result,
    });
    return refused('outcome_unknown');
  }
  const token = await tokenAfter(request, answer, input, deps);
  const view = viewAtFirst(answer.transferId, request, answer.event);
  const location = `/v1/transfers/${view.id}`;
  const headers = {
    Location: location,
    ...(token !== null && { 'Ledger-Token': token }),
    ...(answer.result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
  };
  if (view.refusal === null) return ok({ view, headers });
  const code = ledgerRefusals.find((known) => known === view.refusal?.code);
  check(code, 'the ledger refused with a code that is not among its own');
  return refused(code, { detail: refusals[code].title, transferId: view.id, instance: location, headers });
}

const isOurs = (request: TransferRequest, answer: Decided): boolean =>
  answer.id === request.id &&
  answer.tenantId === request.tenantId &&
  answer.fingerprint === request.fingerprint &&
  (answer.result === 'replayed' || answer.transferId === request.id);

/**
 * The versions that the client may rely on from now on. A replay changed nothing and has no balances, but its
 * client has not seen the first answer, so it gets the newest versions.
 */
async function tokenAfter(
  request: TransferRequest,
  answer: Decided,
  input: Pick<Submitted, 'versions'>,
  deps: Deps,
): Promise<string | null> {
  if (answer.result === 'decided') {
    // Not awaited: the worker has put the same balances after its commit.
    void deps.balances.put(answer.balances);
    return toLedgerToken(input.versions, answer.balances);
  }
  const accountIds = [request.sourceAccountId, request.destinationAccountId];
  return tokenOf({ tenantId: request.tenantId, accountIds, known: input.versions }, deps);
}
