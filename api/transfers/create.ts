import { v7 as uuidV7 } from 'uuid';
import { check } from '../../domain/check.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { ledgerRefusals } from '../../domain/refusals.ts';
import { ok } from '../../domain/result.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { readAccount } from '../../ledger/read/account.ts';
import { readVersions } from '../../ledger/read/balance.ts';
import type { ReserveAnswer } from '../../workflows/contract/messages.ts';
import type { Deps } from '../deps.ts';
import { type Answer, created, type HttpResult, refused } from '../http/answer.ts';
import { keyReused } from '../http/idempotency-key.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import { type Caller, type OperationInput, operation } from '../http/operation.ts';
import { refusals } from '../http/refusals.ts';
import { authorize } from '../http/request/authenticate.ts';
import { type NewTransfer, newTransfer, transfer } from './schema.ts';
import { viewAtFirst } from './view.ts';

/** `POST /v1/transfers`: one request, one effect, however often it is repeated. */
export const createTransfer = operation({
  summary: 'Move money',
  description:
    'The answer is what the ledger decided, and never changes for its key. 201: funds are reserved, or posted. 422: declined. 503: send the same request again. Drawing on a funding account, which is how customer money comes in, also needs the scope `funding:write`.',
  body: newTransfer,
  needsKey: true,
  status: 201,
  response: transfer,
  refusals: [...ledgerRefusals, 'idempotency_key_reused'],
  permit: ({ body, caller }, deps) => mayDraw(body.source.account_id, caller, deps),
  run: async (input, deps) => {
    const request = toRequest(input);
    const result = await deps.intake.submit(request);
    return result.kind === 'answered' ? toAnswer(request, result.answer, input, deps) : refused(result.kind);
  },
});

/** A funding account has no floor, so drawing on it makes money: that needs a scope of its own. An unknown account is the ledger's to refuse. */
async function mayDraw(accountId: Uuid, caller: Caller, deps: Deps): Promise<HttpResult<null>> {
  if (authorize(caller, 'funding:write').ok) return ok(null);
  const known = deps.accountCache.get(caller.tenantId, accountId);
  const account = known ?? (await readAccount(deps.reader, caller.tenantId, accountId));
  if (account !== null && known === null) deps.accountCache.remember(caller.tenantId, accountId, account);
  return authorize(caller, account?.kind === 'funding' ? 'funding:write' : null);
}

type Submitted = OperationInput<null, null, NewTransfer>;

function toRequest({ body, caller, key, fingerprint, traceparent }: Submitted): TransferRequest {
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

async function toAnswer(
  request: TransferRequest,
  answer: ReserveAnswer,
  input: Submitted,
  deps: Deps,
): Promise<Answer> {
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
function clocksDiffer(request: TransferRequest, { alarms, clockMs }: Deps): Answer {
  const facts = { transfer: toPublic('transfer', request.id), databaseIsAheadMs: clockMs() };
  alarms.raise('clocks_differ', facts, 'a request');
  return refused('not_attempted', {
    detail:
      'Nothing was done: two clocks of this platform differ by more than it allows. The same request can be sent again, and will succeed once they agree.',
  });
}

/** An answer that shows a transfer, the request's own or an earlier one. */
type Decided = Extract<ReserveAnswer, { result: 'decided' | 'replayed' }>;

async function render(request: TransferRequest, answer: Decided, input: Submitted, deps: Deps): Promise<Answer> {
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
  if (view.refusal === null) return created(view, headers);
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
 * client has not seen the first answer, so it gets the newest versions. They are read on a best effort, because the
 * transfer is decided and its answer must not wait for a read.
 */
async function tokenAfter(
  request: TransferRequest,
  answer: Decided,
  input: Submitted,
  deps: Deps,
): Promise<string | null> {
  if (answer.result === 'decided') {
    // Not awaited: the worker has put the same balances after its commit.
    void deps.balances.put(answer.balances);
    return toLedgerToken(input.versions, answer.balances);
  }
  const accountIds = [request.sourceAccountId, request.destinationAccountId].filter((id) => id !== null);
  const versions = await readVersions(deps.reader, request.tenantId, accountIds).catch(() => []);
  const shown = versions.map(({ accountId, version }) => ({ accountId, version: version.toString() }));
  return toLedgerToken(input.versions, shown);
}
