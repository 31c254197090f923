import type { RefusalCode } from '../../../domain/refusals.ts';
import type { TransferState } from '../../../domain/transfer.ts';
import { decide, repeated } from './keys.ts';
import { hold, largestCounter, type Model, ownOf, post } from './model.ts';
import type { ModelTransfer, NewTransfer, SendState } from './terms.ts';

/** Whether the money of a send may still be on its way. */
export const isUnresolved = (send: SendState): boolean => send === 'open' || send === 'lapsed' || send === 'unknown';

/** The new state, with the refusal of a declined one; or what became of the first request under its key. */
export function reserve(model: Model, request: NewTransfer): string {
  const { key, id, body } = request;
  const purpose = { kind: 'transfer', body, hold: null } as const;
  const again = repeated(model, key, purpose);
  if (again !== null) return again;
  const taker = request.to ?? ownOf(model, request.currency).clearing;
  const refusal = refusalOf(model, request, taker);
  const waits = request.rail === 'instant' && !request.isDated && isBehind(model, request.from);
  const begun = request.rail === 'book' ? 'completed' : 'submitting';
  const accepted = request.isDated || waits ? 'scheduled' : begun;
  const transfer: ModelTransfer = {
    ...request,
    ...{ state: refusal ? 'declined' : accepted, version: 1, taker, waitsForRail: waits, isDispatched: false },
    ...{ sends: [], contradictions: [] },
  };
  model.transfers.set(request.id, transfer);
  if (!refusal && accepted === 'completed') post(model, transfer.from, taker, transfer.amount);
  if (!refusal && accepted !== 'completed') hold(model, transfer, transfer.amount);
  return decide(model, key, {
    ...purpose,
    answer: `${id} ${refusal ? `declined ${refusal}` : accepted}`,
    made: `transfer ${id}`,
  });
}

/** Whether the group that carries the transfer is granted a send. */
export function claim(transfer: ModelTransfer): boolean {
  if (transfer.state !== 'submitting' || transfer.sends.includes('open')) return false;
  transfer.sends.push('open');
  return true;
}

/** The lease of its open send, and the quiet period of its rail, are over. */
export function endLease(transfer: ModelTransfer): void {
  transfer.sends = transfer.sends.map((send) => (send === 'open' ? 'lapsed' : send));
}

/** Its date has come: from now on it waits for its rail, and for its turn. */
export function comeDue(transfer: ModelTransfer): void {
  transfer.waitsForRail = true;
}

/** The date has come, or the rail: a later group carries it. */
export function release(model: Model, transfer: ModelTransfer): TransferState {
  if (transfer.state !== 'scheduled') return transfer.state;
  transfer.isDispatched = true;
  enter(model, transfer, transfer.rail === 'book' ? 'completed' : 'submitting');
  return transfer.state;
}

export function cancel(model: Model, transfer: ModelTransfer): string {
  if (transfer.state === 'cancelled') return 'replayed';
  if (transfer.state !== 'scheduled' || transfer.sends.some(isUnresolved)) return 'state_conflict';
  enter(model, transfer, 'cancelled');
  return 'cancelled';
}

/** Why the ledger would decline it; null: it would not. */
export function refusalOf(
  model: Model,
  request: Pick<NewTransfer, 'from' | 'to' | 'currency' | 'amount'>,
  taker: string,
): RefusalCode | null {
  const [source, destination] = [model.accounts.get(request.from), model.accounts.get(request.to ?? taker)];
  if (!source || !destination) return 'account_not_found';
  if (request.to === request.from) return 'same_account';
  const named = request.to === null ? [source] : [source, destination];
  if (request.to === null && source.kind !== 'customer') return 'account_kind_not_allowed';
  if (named.some(({ kind }) => kind !== 'customer' && kind !== 'funding')) return 'account_kind_not_allowed';
  if (named.some(({ currency }) => currency !== request.currency)) return 'currency_mismatch';
  if (named.some(({ status }) => status === 'closed')) return 'account_closed';
  if (named.some(({ status }) => status === 'frozen')) return 'account_frozen';
  const debited = source.posted.debit + source.held.debit + request.amount;
  const credited = destination.posted.credit + destination.held.credit + request.amount;
  if (debited > largestCounter || credited > largestCounter) return 'amount_too_large';
  const available = source.posted.credit - source.posted.debit - source.held.debit;
  const isLimited = source.kind === 'customer' && source.overdraft !== null;
  return isLimited && available - request.amount < -(source.overdraft ?? 0n) ? 'insufficient_funds' : null;
}

/** Whether a transfer of the account waits for the rail, or is on its way from such a wait. */
function isBehind(model: Model, from: string): boolean {
  return [...model.transfers.values()].some(
    (other) =>
      other.from === from &&
      other.rail === 'instant' &&
      ((other.state === 'scheduled' && other.waitsForRail) ||
        (other.state === 'submitting' && other.isDispatched && (other.version > 2 || other.isDated))),
  );
}

/** A transfer in a new state, and what follows for its money. */
export function enter(model: Model, transfer: ModelTransfer, to: TransferState): void {
  const hadHold = ['scheduled', 'submitting', 'unknown'].includes(transfer.state);
  transfer.version += 1;
  transfer.waitsForRail = to === 'scheduled';
  if (to === 'scheduled') transfer.isDispatched = false;
  transfer.state = to;
  if (!hadHold || ['scheduled', 'submitting', 'unknown'].includes(to)) return;
  hold(model, transfer, -transfer.amount);
  if (to === 'completed') post(model, transfer.from, transfer.taker, transfer.amount);
}
