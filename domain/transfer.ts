import type { BankAccount } from './destination.ts';

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

export type Transition = { from: TransferState | null; event: string; to: TransferState };

export const transitions = [
  { from: null, event: 'refused', to: 'declined' },
  { from: null, event: 'book_posted', to: 'completed' },
  { from: null, event: 'reserved', to: 'submitting' },
  { from: null, event: 'reserved_for_later', to: 'scheduled' },
  { from: 'scheduled', event: 'due', to: 'submitting' },
  { from: 'scheduled', event: 'due', to: 'completed' },
  { from: 'scheduled', event: 'cancelled', to: 'cancelled' },
  { from: 'scheduled', event: 'impossible', to: 'failed' },
  { from: 'submitting', event: 'accepted', to: 'completed' },
  { from: 'unknown', event: 'accepted', to: 'completed' },
  { from: 'scheduled', event: 'accepted', to: 'completed' },
  { from: 'submitting', event: 'rejected', to: 'rejected' },
  { from: 'unknown', event: 'rejected', to: 'rejected' },
  { from: 'scheduled', event: 'rejected', to: 'rejected' },
  { from: 'submitting', event: 'rejected', to: 'unknown' },
  { from: 'scheduled', event: 'rejected', to: 'unknown' },
  { from: 'submitting', event: 'not_taken', to: 'scheduled' },
  { from: 'unknown', event: 'not_taken', to: 'scheduled' },
  { from: 'submitting', event: 'not_taken', to: 'unknown' },
  { from: 'submitting', event: 'put_off', to: 'scheduled' },
  { from: 'submitting', event: 'no_answer', to: 'unknown' },
  { from: 'unknown', event: 'absent', to: 'scheduled' },
  { from: 'unknown', event: 'forced', to: 'completed' },
  { from: 'unknown', event: 'forced', to: 'rejected' },
  { from: 'completed', event: 'reversed', to: 'reversed' },
  { from: 'declined', event: 'contradicted', to: 'declined' },
  { from: 'completed', event: 'contradicted', to: 'completed' },
  { from: 'rejected', event: 'contradicted', to: 'rejected' },
  { from: 'failed', event: 'contradicted', to: 'failed' },
  { from: 'cancelled', event: 'contradicted', to: 'cancelled' },
  { from: 'reversed', event: 'contradicted', to: 'reversed' },
] as const satisfies readonly Transition[];

export type TransferEvent = (typeof transitions)[number]['event'];

/** States in which the transfer still waits for something: it has a hold, a `next` and somebody it waits for. */
export const openStates = ['scheduled', 'submitting', 'unknown'] as const satisfies readonly TransferState[];

export const isOpen = (state: TransferState): boolean => (openStates as readonly TransferState[]).includes(state);

/** Whether the table lists this step. */
export const isAllowed = (from: TransferState | null, event: string, to: TransferState): boolean =>
  transitions.some((step) => step.from === from && step.event === event && step.to === to);

/** Whom an open transfer waits for: a date, a rail that is closed or busy, one of our workers, a rail's answer, a person. */
export type WaitingFor = 'date' | 'rail' | 'worker' | 'answer' | 'person';

/** What an open transfer does next, when, and who is being waited for. Times are RFC 3339, UTC. */
export type Next = { what: string; at: string; waitingFor: WaitingFor };

/** The first row of a transfer's story: what its request is answered with, now and on every replay. */
export type FirstEvent = {
  event: string;
  to: TransferState;
  at: string;
  evidence: {
    cause: string;
    entry_id?: string;
    refusal?: { code: string };
    next?: { what: string; at: string; waiting_for: string };
  };
};

/**
 * A transfer as the API hands it on: checked, with an id that nobody has been shown yet. Every field is JSON, because it
 * travels through Temporal; `amount` is minor units in digits, times are RFC 3339 UTC, ids are UUIDs.
 */
export type TransferRequest = {
  id: string;
  tenantId: string;
  key: string;
  /** SHA-256 of method, route and the body as it was sent, hex. Equal prints mean the same request. */
  fingerprint: string;
  amount: string;
  currency: string;
  rail: 'book' | 'instant';
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
