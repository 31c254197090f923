import type { Uuid } from './ids.ts';
import type { RefusalCode } from './refusals.ts';

/** One leg: debit and credit, over one amount of minor units in digits. */
export type Leg = { debitAccountId: Uuid; creditAccountId: Uuid; amount: string; currency: string };

/** Legs of one entry. */
export const legsMax = 100;

/** How far ahead of the clock an entry may be dated, in milliseconds: clocks differ. */
export const effectiveAheadMaxMs = 60_000;

/** Why the ledger refuses to post an entry, in its order of checking. The key keeps it. */
export const entryRefusals = [
  'period_closed',
  'account_not_found',
  'same_account',
  'account_kind_not_allowed',
  'currency_mismatch',
  'account_closed',
  'account_frozen',
  'amount_too_large',
  'insufficient_funds',
] as const satisfies readonly RefusalCode[];

/** Why it refuses to reverse one, in its order of checking. The key keeps it too. */
export const reversalRefusals = [
  'belongs_to_transfer',
  'not_reversible',
  'already_reversed',
  ...entryRefusals,
] as const satisfies readonly RefusalCode[];
