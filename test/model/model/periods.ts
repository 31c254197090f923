import type { Model } from './model.ts';
import type { Close } from './terms.ts';

const graceMs = 60_000;

/**
 * What the ledger must answer when a month is to be closed, written from docs/how-to/close-a-period.md and ADR 0041: a month and all
 * before it, for good, when it has been over for a minute by both clocks.
 */
export function closePeriod(model: Model, { month, askedAt }: Close): 'ok' | 'not_over' {
  const { periods } = model;
  if (periods && month <= periods.last) return 'ok';
  // Months are chosen so that no clock of a test comes near the end of one.
  if (startOf(month + 1) > Math.min(Date.now(), askedAt) - graceMs) return 'not_over';
  model.periods = { first: periods?.first ?? month, last: month };
  return 'ok';
}

/** The first instant that is not closed, in milliseconds; null: no month is. */
export const closedUntilOf = ({ periods }: Model): number | null => periods && startOf(periods.last + 1);

/** The first instant of a month, by UTC, in milliseconds. */
export const startOf = (month: number): number => Date.UTC(2000, month, 1);

/** A month as people write it, such as 2000-01. */
export const nameOf = (month: number): string => new Date(startOf(month)).toISOString().slice(0, 7);
