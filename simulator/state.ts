import type { Fact, Instruction, TookFact } from './journal-events.ts';

/** An instruction in the books. `heard` counts the requests that brought its key, the one that was taken included. */
export type Taken = Omit<TookFact, 'event'> & { heard: number };

/**
 * What the bank believes, in memory: the fold of its journal. `taken` is in the order of taking and is the truth;
 * `byKey` has the newest of each key; `heardBefore` counts requests whose key has not been taken yet.
 */
export type Books = {
  now: number;
  taken: Taken[];
  byKey: Map<string, Taken>;
  heardBefore: Map<string, number>;
  totals: Totals;
};

/** Instructions, and the sum of what was accepted by currency, in minor units. */
export type Totals = { accepted: number; rejected: number; acceptedAmount: Map<string, bigint> };

/** The books hold at most this many keys; then the bank turns everything away until `/control/reset`. */
const KEYS_MAX = 2_000_000;
/** The virtual clock starts here, and stands still until somebody advances it. */
const START = Date.parse('2026-01-01T00:00:00.000Z');

/** Books in which nothing has happened yet. */
export const createBooks = (): Books => ({
  now: START,
  taken: [],
  byKey: new Map(),
  heardBefore: new Map(),
  totals: { accepted: 0, rejected: 0, acceptedAmount: new Map() },
});

/** Enters one fact. The only function that changes the books, for a replay and for a request alike. */
export function enter(books: Books, fact: Fact): void {
  if (fact.event === 'clock') books.now = Date.parse(fact.now);
  if (fact.event === 'took') enterTaken(books, fact);
  if (fact.event === 'heard') enterHeard(books, fact.rail_key);
}

/** How often the key came before it was taken, or since it was first seen. */
export const timesTurnedAway = (books: Books, railKey: string): number => books.heardBefore.get(railKey) ?? 0;

/** Whether there is room for another key. */
export const isFull = (books: Books): boolean => books.taken.length + books.heardBefore.size >= KEYS_MAX;

/** Whether two instructions ask for the same thing in every field. */
export const isSame = (a: Instruction, b: Instruction): boolean =>
  a.amount === b.amount &&
  a.currency === b.currency &&
  a.destination.routing_number === b.destination.routing_number &&
  a.destination.account_number === b.destination.account_number &&
  a.destination.name === b.destination.name;

function enterTaken(books: Books, { reference, status, code, at, instruction }: TookFact): void {
  const { rail_key: railKey, amount, currency } = instruction;
  const taken = { reference, status, code, at, instruction, heard: timesTurnedAway(books, railKey) + 1 };
  books.taken.push(taken);
  books.byKey.set(railKey, taken);
  books.heardBefore.delete(railKey);
  books.totals[status] += 1;
  if (status === 'rejected') return;
  const sums = books.totals.acceptedAmount;
  sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
}

function enterHeard(books: Books, railKey: string): void {
  const taken = books.byKey.get(railKey);
  if (taken) taken.heard += 1;
  else books.heardBefore.set(railKey, timesTurnedAway(books, railKey) + 1);
}
