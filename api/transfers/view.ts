import { check } from '../../domain/check.ts';
import type { BankAccount } from '../../domain/destination.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import { type NextWhat, nextSteps, type WaitingFor, waiters } from '../../domain/next-step.ts';
import type { RailName } from '../../domain/rail.ts';
import type { FirstEvent, Next, TransferState } from '../../domain/transfer.ts';
import type { TransferRow } from '../../ledger/read/transfers.ts';
import { sortedByName } from '../http/metadata.ts';
import { viewOfBankAccount } from './bank-account.ts';
import type { TransferView } from './schema.ts';

/** The client's request in the ledger's form. */
export type Terms = {
  amount: string;
  currency: string;
  rail: RailName;
  sourceAccountId: Uuid | null;
  destinationAccountId: Uuid | null;
  destinationBank: BankAccount | null;
  reference: string | null;
  description: string | null;
  executeAt: string | null;
  metadata: Record<string, string>;
  /** The transfer that it undoes. */
  reversesId?: Uuid | null;
};

/**
 * A transfer as it was when its first event was written. A pure function of the request and that event: a repeated
 * request, even a year later, gets the same bytes, whatever happened to the transfer since.
 */
export function viewAtFirst(id: Uuid, terms: Terms, event: FirstEvent): TransferView {
  const { entry_id: entryId, next } = event.evidence;
  return {
    ...viewOfTerms(id, event.to, terms),
    refusal: event.evidence.refusal ? { code: event.evidence.refusal.code, detail: null } : null,
    attention: null,
    next: viewOfNext(next ? { ...next, waitingFor: next.waiting_for } : null),
    entry_ids: entryId === undefined ? [] : [toPublic('entry', entryId)],
    reversed_by_id: null,
    version: 1,
    created_at: event.at,
    updated_at: event.at,
    completed_at: event.to === 'completed' ? event.at : null,
  };
}

/** In the ledger a transfer that no worker of its rail took keeps its place in the rail's line; whom it waits for is us. */
const waiterOf = (what: NextWhat, waiter: WaitingFor): WaitingFor =>
  what === 'send_when_worker_serves_rail' ? 'worker' : waiter;

/** A transfer in its current state. */
export function viewNow(row: TransferRow): TransferView {
  const terms = { ...row, amount: row.amount.toString(), executeAt: row.executeAt?.toISOString() ?? null };
  const { nextWhat, nextAt, waitingFor, attentionReason, attentionSince } = row;
  return {
    ...viewOfTerms(row.id, row.state, terms),
    refusal: row.refusalCode === null ? null : { code: row.refusalCode, detail: row.refusalDetail },
    attention:
      attentionReason && attentionSince ? { reason: attentionReason, since: attentionSince.toISOString() } : null,
    next:
      nextWhat && nextAt && waitingFor
        ? viewOfNext({ what: nextWhat, at: notBefore(new Date(), nextAt).toISOString(), waitingFor })
        : null,
    entry_ids: row.entryId === null ? [] : [toPublic('entry', row.entryId)],
    reversed_by_id: row.reversedById === null ? null : toPublic('transfer', row.reversedById),
    version: row.version,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
  };
}

/** A cancelled transfer as it was when it was cancelled: what its rail contradicts later is not in it. */
export const viewAtCancellation = (
  now: TransferView,
  { at, version }: { at: string; version: number },
): TransferView => ({
  ...now,
  status: 'cancelled',
  next: null,
  attention: now.attention !== null && now.attention.since <= at ? now.attention : null,
  version,
  updated_at: at,
});

/** What an open transfer does next, as clients see it. */
export function viewOfNext(next: Next | null): TransferView['next'] {
  if (next === null) return null;
  // What was decided came through Temporal, perhaps from another release.
  const isKnown = Object.hasOwn(nextSteps, next.what) && Object.hasOwn(waiters, next.waitingFor);
  check(isKnown, 'what comes next is something that the table does not know');
  return { what: next.what, at: next.at, waiting_for: waiterOf(next.what, next.waitingFor) };
}

/** What is due and waits for its turn comes next as soon as it can: never in the past. */
const notBefore = (now: Date, at: Date): Date => (at < now ? now : at);

const viewOfTerms = (id: Uuid, status: TransferState, terms: Terms) => ({
  id: toPublic('transfer', id),
  object: 'transfer' as const,
  status,
  amount: terms.amount,
  currency: terms.currency,
  rail: terms.rail,
  source: { account_id: accountOrNull(terms.sourceAccountId) },
  destination: terms.destinationBank
    ? { bank: viewOfBankAccount(terms.destinationBank) }
    : { account_id: accountOrNull(terms.destinationAccountId) },
  reference: terms.reference,
  description: terms.description,
  execute_at: terms.executeAt,
  metadata: sortedByName(terms.metadata),
  reverses_id: terms.reversesId ? toPublic('transfer', terms.reversesId) : null,
});

const accountOrNull = (id: Uuid | null): string | null => (id === null ? null : toPublic('account', id));
