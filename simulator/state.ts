import type { Instruction, JournalEvent, TakenEvent } from './journal-events.ts';

/** An instruction that was taken. `timesReceived` counts the requests with its key, the one that was taken included. */
export type TakenInstruction = Omit<TakenEvent, 'kind'> & { timesReceived: number };

/**
 * What the bank believes, in memory: the fold of its journal. `taken` is in the order of taking and is the truth;
 * `byKey` has the newest of each key; `requestsBeforeTaking` counts requests whose key has not been taken yet.
 */
export type BankState = {
  now: number;
  taken: TakenInstruction[];
  byKey: Map<string, TakenInstruction>;
  requestsBeforeTaking: Map<string, number>;
  totals: Totals;
};

/** Instructions, and the sum of what was accepted by currency, in minor units. */
export type Totals = { accepted: number; rejected: number; acceptedAmount: Map<string, bigint> };

/** The state holds at most this many keys; then the bank refuses everything until `/control/reset`. */
const keysMax = 2_000_000;
/** The virtual clock starts here, and stands still until it is advanced. */
const start = Date.parse('2026-01-01T00:00:00.000Z');

/** The state of a new bank. */
export const createState = (): BankState => ({
  now: start,
  taken: [],
  byKey: new Map(),
  requestsBeforeTaking: new Map(),
  totals: { accepted: 0, rejected: 0, acceptedAmount: new Map() },
});

/** Applies one event. The only function that changes the state, for a replay and for a request alike. */
export function apply(state: BankState, event: JournalEvent): void {
  if (event.kind === 'clock') state.now = Date.parse(event.now);
  if (event.kind === 'taken') applyTaken(state, event);
  if (event.kind === 'received') applyReceived(state, event.rail_key);
}

/** How many requests had the key and took nothing, before it was taken. */
export const timesRefused = (state: BankState, railKey: string): number => state.requestsBeforeTaking.get(railKey) ?? 0;

/** Whether the state holds as many keys as it may. */
export const isFull = (state: BankState): boolean => state.taken.length + state.requestsBeforeTaking.size >= keysMax;

/** Whether two instructions ask for the same thing in every field. */
export const isSame = (a: Instruction, b: Instruction): boolean =>
  a.amount === b.amount &&
  a.currency === b.currency &&
  a.destination.routing_number === b.destination.routing_number &&
  a.destination.account_number === b.destination.account_number &&
  a.destination.name === b.destination.name;

function applyTaken(state: BankState, { reference, status, code, at, instruction }: TakenEvent): void {
  const { rail_key: railKey, amount, currency } = instruction;
  const taken = { reference, status, code, at, instruction, timesReceived: timesRefused(state, railKey) + 1 };
  state.taken.push(taken);
  state.byKey.set(railKey, taken);
  state.requestsBeforeTaking.delete(railKey);
  state.totals[status] += 1;
  if (status === 'rejected') return;
  const sums = state.totals.acceptedAmount;
  sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
}

function applyReceived(state: BankState, railKey: string): void {
  const taken = state.byKey.get(railKey);
  if (taken) taken.timesReceived += 1;
  else state.requestsBeforeTaking.set(railKey, timesRefused(state, railKey) + 1);
}
