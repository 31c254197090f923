import type { BankAccount } from './destination.ts';
import type { NextWhat, WaitingFor } from './next-step.ts';
import type { RailName } from './rail.ts';

/**
 * A transfer's states, and every step it may take. Money is held from `scheduled` to `unknown`, posted in `completed`,
 * and given back in the other ends. `unknown` means: bytes went to a rail and no decisive answer came; funds stay held
 * until there is proof. Proof is never refused: `accepted` is possible from every state that waits
 * (docs/adr/0011-never-release-on-silence.md).
 * The database holds the same table (`ledger.transition`) and a trigger refuses what is not in it; a test compares them.
 */
export const transferStates = [
  'declined',
  'scheduled',
  'submitting',
  'unknown',
  'completed',
  'rejected',
  'failed',
  'cancelled',
  'reversed',
] as const;
export type TransferState = (typeof transferStates)[number];

/** `later`: what the step comes with, when no verb does it yet. */
export type Transition = { from: TransferState | null; cause: string; to: TransferState; later?: string };

export const transitions = [
  { from: null, cause: 'refused', to: 'declined' },
  { from: null, cause: 'book_posted', to: 'completed' },
  { from: null, cause: 'reserved', to: 'submitting' },
  { from: null, cause: 'reserved_for_later', to: 'scheduled' },
  { from: 'scheduled', cause: 'due', to: 'submitting' },
  { from: 'scheduled', cause: 'due', to: 'completed' },
  { from: 'scheduled', cause: 'cancelled', to: 'cancelled' },
  { from: 'scheduled', cause: 'impossible', to: 'failed' },
  { from: 'submitting', cause: 'accepted', to: 'completed' },
  { from: 'unknown', cause: 'accepted', to: 'completed' },
  { from: 'scheduled', cause: 'accepted', to: 'completed' },
  { from: 'submitting', cause: 'rejected', to: 'rejected' },
  { from: 'unknown', cause: 'rejected', to: 'rejected' },
  { from: 'scheduled', cause: 'rejected', to: 'rejected' },
  { from: 'submitting', cause: 'rejected', to: 'unknown' },
  { from: 'scheduled', cause: 'rejected', to: 'unknown' },
  { from: 'submitting', cause: 'not_taken', to: 'scheduled' },
  { from: 'unknown', cause: 'not_taken', to: 'scheduled' },
  { from: 'submitting', cause: 'not_taken', to: 'unknown' },
  { from: 'submitting', cause: 'put_off', to: 'scheduled' },
  { from: 'submitting', cause: 'no_answer', to: 'unknown' },
  { from: 'unknown', cause: 'absent', to: 'scheduled' },
  { from: 'unknown', cause: 'forced', to: 'completed', later: 'a report that two people enter by hand' },
  { from: 'unknown', cause: 'forced', to: 'rejected', later: 'a report that two people enter by hand' },
  { from: 'completed', cause: 'reversed', to: 'reversed' },
  { from: 'declined', cause: 'contradicted', to: 'declined' },
  { from: 'completed', cause: 'contradicted', to: 'completed' },
  { from: 'rejected', cause: 'contradicted', to: 'rejected' },
  { from: 'failed', cause: 'contradicted', to: 'failed' },
  { from: 'cancelled', cause: 'contradicted', to: 'cancelled' },
  { from: 'reversed', cause: 'contradicted', to: 'reversed' },
] as const satisfies readonly Transition[];

export type TransferCause = (typeof transitions)[number]['cause'];

/** States in which the transfer still waits for something: it has a hold and a `next`. */
export const openStates = ['scheduled', 'submitting', 'unknown'] as const satisfies readonly TransferState[];

export const isOpen = (state: TransferState): boolean => (openStates as readonly TransferState[]).includes(state);

/** Whether the table lists this step. */
export const isAllowed = (from: TransferState | null, cause: string, to: TransferState): boolean =>
  transitions.some((step) => step.from === from && step.cause === cause && step.to === to);

/** What an open transfer does next, when, and what it waits for. Times are RFC 3339, UTC. */
export type Next = { what: NextWhat; at: string; waitingFor: WaitingFor };

/** The first row of a transfer's story: the answer to its request, now and on every replay. */
export type FirstEvent = {
  cause: string;
  to: TransferState;
  at: string;
  evidence: {
    /** Where it comes from: request, ledger, dispatch, or the source of a report. */
    source: string;
    entry_id?: string;
    refusal?: { code: string };
    next?: { what: NextWhat; at: string; waiting_for: WaitingFor };
  };
};

/**
 * A transfer as the API passes it on: checked, with an id that no client has seen yet. Every field is JSON, because it
 * travels through Temporal; `amount` is minor units in digits, times are RFC 3339 UTC, ids are UUIDs.
 */
export type TransferRequest = {
  id: string;
  tenantId: string;
  key: string;
  /** SHA-256 of method, route and the body as it was sent, hex. Equal fingerprints mean the same request. */
  fingerprint: string;
  amount: string;
  currency: string;
  rail: RailName;
  sourceAccountId: string;
  destinationAccountId: string | null;
  destinationBank: BankAccount | null;
  reference: string | null;
  description: string | null;
  executeAt: string | null;
  metadata: Record<string, string>;
  /** W3C traceparent of the request that made it, or null. */
  traceparent: string | null;
};
