import { capturesMax, type HoldRefusal } from '../../../domain/hold.ts';
import { decide, repeated } from './keys.ts';
import { hold as holdMoney, type Model, post } from './model.ts';
import type { ModelHold, NewCapture, NewHold, NewRelease } from './terms.ts';
import { refusalOf } from './transfers.ts';

/**
 * What the ledger must decide about holds that clients make, written from docs/how-to/hold-money.md, ADR 0036 and the order of refusals: a
 * new one is refused as a transfer in the book would be. A time to expire that may not be keeps nothing.
 */
export function createHold(model: Model, request: NewHold): string {
  const { id, key, body, from, to, currency, amount, expiry } = request;
  const purpose = { kind: 'hold', body, hold: null } as const;
  const again = repeated(model, key, purpose);
  if (again !== null) return again;
  if (expiry === 'passed' || expiry === 'too_far') return 'expiry_out_of_range';
  const refusal = refusalOf(model, request, to);
  if (refusal === null) {
    holdMoney(model, { from, taker: to }, amount);
    const begun = { state: 'open', version: 1, captured: 0n, captures: 0, isDue: false } as const;
    model.holds.set(id, { from, to, currency, amount, ...begun });
  }
  return decide(model, key, { ...purpose, answer: `${id} ${refusal ?? 'open'}`, made: refusal ? null : `hold ${id}` });
}

/** Moves all or a part of what is left. `entryId`: as the database names its entry; null where it made none. */
export function captureHold(model: Model, request: NewCapture, entryId: string | null): string {
  const { id, key, body } = request;
  const purpose = { kind: 'capture', body, hold: request.hold } as const;
  const hold = model.holds.get(request.hold);
  const again = repeated(model, key, purpose);
  if (again !== null) return withHold(again, hold);
  if (!hold) return 'not_found';
  const refusal = captureRefusal(hold, request);
  if (refusal) return withHold(decide(model, key, { ...purpose, answer: refusal, made: null }), hold);
  const amount = request.amount ?? leftOf(hold);
  const entry = entryId ?? 'an entry';
  holdMoney(model, { from: hold.from, taker: hold.to }, -amount);
  post(model, hold.from, hold.to, amount);
  const leg = { debit: hold.from, credit: hold.to, amount, currency: hold.currency };
  model.entries.set(entry, { legs: [leg], reverses: null, isReversed: false });
  hold.captured += amount;
  hold.captures += 1;
  hold.version += 1;
  if (leftOf(hold) === 0n || request.isFinal) close(model, hold, 'captured');
  const answer = `${id} ${entry} ${amount} ${hold.captured} ${hold.state}`;
  return withHold(decide(model, key, { ...purpose, answer, made: `entry ${entry}` }), hold);
}

/** Gives back what is left; one that is released already stays as it is. */
export function releaseHold(model: Model, { key, body, hold: holdId }: NewRelease): string {
  const purpose = { kind: 'release', body, hold: holdId } as const;
  const hold = model.holds.get(holdId);
  const again = key === null ? null : repeated(model, key, purpose);
  if (again !== null) return withHold(again, hold);
  if (!hold) return 'not_found';
  const isRefused = hold.state === 'captured' || hold.state === 'expired';
  if (hold.state === 'open') end(model, hold, 'released');
  const answer = isRefused ? 'hold_not_open' : 'released';
  if (key !== null)
    return withHold(decide(model, key, { ...purpose, answer, made: isRefused ? null : `hold ${holdId}` }), hold);
  return withHold(`decided ${answer}`, hold);
}

/** Gives back what is left of a hold whose time is over. False: it is closed already, or not due. */
export function expireHold(model: Model, hold: ModelHold): boolean {
  if (hold.state !== 'open' || !hold.isDue) return false;
  end(model, hold, 'expired');
  return true;
}

/** How many holds expire now. */
export const expireDue = (model: Model): number =>
  [...model.holds.values()].filter((hold) => expireHold(model, hold)).length;

/** What is held of it. */
export const leftOf = ({ amount, captured }: ModelHold): bigint => amount - captured;

function captureRefusal(hold: ModelHold, { amount, isFinal }: NewCapture): HoldRefusal | null {
  const left = leftOf(hold);
  if (hold.state !== 'open') return 'hold_not_open';
  if (hold.isDue) return 'hold_expired';
  if (amount !== null && amount > left) return 'capture_too_large';
  const isLast = isFinal || amount === null || amount === left;
  return hold.captures === capturesMax - 1 && !isLast ? 'captures_exhausted' : null;
}

function end(model: Model, hold: ModelHold, state: 'released' | 'expired'): void {
  hold.version += 1;
  close(model, hold, state);
}

function close(model: Model, hold: ModelHold, state: ModelHold['state']): void {
  holdMoney(model, { from: hold.from, taker: hold.to }, -leftOf(hold));
  hold.state = state;
}

/** Every answer but a used key's has the hold as it is now. */
const withHold = (answer: string, hold: ModelHold | undefined): string =>
  hold && !answer.startsWith('key_reused') ? `${answer} of ${hold.state} ${hold.version} ${hold.captured}` : answer;
