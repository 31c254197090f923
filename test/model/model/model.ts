import type { Decision, ModelAccount, ModelEntry, ModelHold, ModelTransfer } from './terms.ts';

export const largestCounter = 2n ** 62n;

/**
 * What the ledger must decide, written from docs/states.md, ARCHITECTURE.md and the order of refusals, not from its SQL: accounts with
 * four counters, transfers with one attempt, and their sends; entries, holds and closed months. It has no clock: a lease and a hold
 * live until a command ends them.
 */
export type Model = {
  accounts: Map<string, ModelAccount>;
  transfers: Map<string, ModelTransfer>;
  entries: Map<string, ModelEntry>;
  holds: Map<string, ModelHold>;
  /** The first request under each key, and what became of it. */
  keys: Map<string, Decision>;
  /** The closed months, which have no gap; null: none is closed. */
  periods: { first: number; last: number } | null;
  /** The platform's accounts by currency. */
  own: Map<string, OwnAccounts>;
};

export type OwnAccounts = { clearing: string; suspense: string; fees: string };

export const createModel = (own: Model['own']): Model => ({
  accounts: new Map(),
  transfers: new Map(),
  entries: new Map(),
  holds: new Map(),
  keys: new Map(),
  periods: null,
  own,
});

export function post(model: Model, from: string, to: string, amount: bigint): void {
  accountOf(model, from).posted.debit += amount;
  accountOf(model, to).posted.credit += amount;
}

/** Sets money aside on both sides; less than none gives it back. */
export function hold(model: Model, { from, taker }: Pick<ModelTransfer, 'from' | 'taker'>, amount: bigint): void {
  accountOf(model, from).held.debit += amount;
  accountOf(model, taker).held.credit += amount;
}

export function accountOf(model: Model, id: string): ModelAccount {
  const account = model.accounts.get(id);
  if (!account) throw new Error(`the model has no account ${id}`);
  return account;
}

export function ownOf(model: Model, currency: string): OwnAccounts {
  const own = model.own.get(currency);
  if (!own) throw new Error(`the model has no accounts of the platform in ${currency}`);
  return own;
}
