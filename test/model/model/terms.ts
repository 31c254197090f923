import type { HoldState } from '../../../domain/hold.ts';
import type { TransferState } from '../../../domain/transfer.ts';

/** An account as the model knows it. `overdraft`: how far below zero it may go; null: without end. */
export type ModelAccount = {
  kind: 'customer' | 'funding' | 'fees' | 'clearing' | 'suspense';
  currency: string;
  status: 'open' | 'frozen' | 'closed';
  overdraft: bigint | null;
  posted: { debit: bigint; credit: bigint };
  held: { debit: bigint; credit: bigint };
};

/** `lapsed`: its lease is over, and nobody has reported on it. */
export type SendState = 'open' | 'lapsed' | 'unknown' | 'accepted' | 'rejected' | 'not_taken' | 'not_sent';

/** What a new transfer asks for. `body` stands for what was sent under its key; `to` is null for a bank. */
export type NewTransfer = {
  id: string;
  key: string;
  body: string;
  rail: 'book' | 'instant';
  from: string;
  to: string | null;
  currency: string;
  amount: bigint;
  isDated: boolean;
};

export type ModelTransfer = NewTransfer & {
  state: TransferState;
  version: number;
  taker: string;
  waitsForRail: boolean;
  isDispatched: boolean;
  sends: SendState[];
  contradictions: string[];
};

/** A report. `send`: which of its sends, from 1; null: it is about the rail key. */
export type ModelReport = {
  outcome: Exclude<SendState, 'open' | 'lapsed'> | 'put_off' | 'absent';
  send: number | null;
  decisive: boolean;
};

export type ModelLeg = { debit: string; credit: string; amount: bigint; currency: string };

/** What a new entry asks for: its legs, or those of another with their sides turned. `effectiveAt`: in milliseconds; null: its commit's. */
export type NewEntry = { id: string; key: string; body: string; effectiveAt: number | null } & (
  | { legs: ModelLeg[]; reverses: null }
  | { legs: null; reverses: string }
);

/** An entry that was posted. */
export type ModelEntry = { legs: ModelLeg[]; reverses: string | null; isReversed: boolean };

/** What a new hold asks for. `expiry`: of these, only `default` and `ahead` may be. */
export type NewHold = {
  id: string;
  key: string;
  body: string;
  from: string;
  to: string;
  currency: string;
  amount: bigint;
  expiry: 'default' | 'ahead' | 'passed' | 'too_far';
};

/** `amount`: null for all that is left. */
export type NewCapture = {
  id: string;
  key: string;
  body: string;
  hold: string;
  amount: bigint | null;
  isFinal: boolean;
};

/** It may come without a key. */
export type NewRelease = { id: string; key: string | null; body: string; hold: string };

/** `isDue`: its time is over. */
export type ModelHold = Pick<NewHold, 'from' | 'to' | 'currency' | 'amount'> & {
  state: HoldState;
  version: number;
  captured: bigint;
  captures: number;
  isDue: boolean;
};

/** What a request under a key is for. `hold`: which one it is about; null where it makes a thing. */
export type Purpose = {
  kind: 'transfer' | 'entry' | 'hold' | 'capture' | 'release';
  body: string;
  hold: string | null;
};

/** What became of the first request under a key. `answer`: its answer, which names what was decided; `made`: the thing and its id; null: it was refused and made nothing. */
export type Decision = Purpose & { answer: string; made: string | null };

/** A month to be closed. `month`: after January 2000; `askedAt`: by the clock of the program that asks, in milliseconds. */
export type Close = { month: number; askedAt: number };
