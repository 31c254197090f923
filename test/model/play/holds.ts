import { v7 as uuidV7 } from 'uuid';
import { captureHold, createHold, expireDue, leftOf, releaseHold } from '../model/holds.ts';
import type { ModelHold, NewCapture, NewHold, NewRelease } from '../model/terms.ts';
import { capacityOf, hugeAmount } from './choose.ts';
import { settle } from './compare.ts';
import { keyFor } from './keys.ts';
import type { Play } from './play.ts';

const bounds = { batch: 12, recent: 40, slice: 5 };

/** A batch of new holds, and repetitions. */
export async function holdSome(play: Play): Promise<void> {
  const batch = eachKeyOnce(some(play, () => newHold(play)));
  const answers = await play.book.createHolds(batch);
  settle({ play, verb: 'hold' }, batch, answers, (request) => createHold(play.model, request));
}

/** Captures of all, a part, or more than is left: of each hold at most one in a batch. */
export async function captureSome(play: Play): Promise<void> {
  const batch = eachHoldOnce(eachKeyOnce(some(play, () => newCapture(play, anyHold(play)))));
  settleCaptures(play, batch, await play.book.captureHolds(batch));
}

/** The model takes the names of the entries from the database. */
export const settleCaptures = (
  play: Play,
  batch: NewCapture[],
  outcomes: Awaited<ReturnType<Play['book']['captureHolds']>>,
): void =>
  settle(
    { play, verb: 'capture' },
    batch,
    outcomes.map(({ answer }) => answer),
    (request, place) => captureHold(play.model, request, outcomes[place]?.entryId ?? null),
  );

/** Releases, with a key or without one. */
export async function releaseSome(play: Play): Promise<void> {
  const batch = eachHoldOnce(eachKeyOnce(some(play, () => newRelease(play, anyHold(play)))));
  const answers = await play.book.releaseHolds(batch);
  settle({ play, verb: 'release hold' }, batch, answers, (request) => releaseHold(play.model, request));
}

/** The time of some open holds is over, although nobody has looked yet. */
export async function endSome(play: Play): Promise<void> {
  const open = [...play.model.holds].filter(([, hold]) => hold.state === 'open' && play.choose.chance(30));
  await play.book.endHolds(open.map(([id]) => id));
  for (const [, hold] of open) hold.isDue = true;
}

/** The upkeep looks for what is due, in slices. */
export async function expireAll(play: Play): Promise<void> {
  await play.book.keepSteady();
  const count = await play.book.expireHolds(bounds.slice);
  settle({ play, verb: 'expire' }, ['all that is due'], [count], () => expireDue(play.model));
}

/** A hold of which a cent is captured again and again, as often as may be. */
export async function captureOften(play: Play): Promise<void> {
  const [to = ''] = play.customers;
  const id = uuidV7();
  const all = { id, key: id, body: id, from: play.funding, to, currency: 'USD', amount: 300n } as const;
  const request: NewHold = { ...all, expiry: 'default' };
  const answers = await play.book.createHolds([request]);
  settle({ play, verb: 'hold' }, [request], answers, () => createHold(play.model, request));
  for (let n = 0; n < 101; n += 1) {
    const key = uuidV7();
    const cent = { id: key, key, body: key, hold: id, amount: 1n, isFinal: n === 100 };
    settleCaptures(play, [cent], await play.book.captureHolds([cent]));
  }
}

export function newHold(play: Play): NewHold {
  const { choose, names, model, funding, customers } = play;
  const id = uuidV7();
  const from = choose.chance(25) ? funding : choose.one(names);
  const largest = choose.chance(10) ? capacityOf(model.accounts.get(from)) : 0n;
  const usual = choose.number(400) === 0 ? hugeAmount : BigInt(1 + choose.number(200));
  const { key, body } = keyFor(play, id);
  return {
    ...{ id, key, body, from, to: choose.one(choose.chance(70) ? customers : names) },
    ...{ amount: largest > 0n ? largest : usual, currency: choose.chance(98) ? 'USD' : 'EUR' },
    expiry: choose.chance(90) ? 'default' : choose.one(['ahead', 'passed', 'too_far'] as const),
  };
}

export function newCapture(play: Play, chosen: string): NewCapture {
  const { choose, model } = play;
  const id = uuidV7();
  const { key, body, hold: used } = keyOfAct(play, id);
  const hold = used !== null && choose.chance(60) ? used : chosen;
  return { id, key, body, hold, amount: anAmount(choose, model.holds.get(hold)), isFinal: choose.chance(20) };
}

export function newRelease(play: Play, chosen: string): NewRelease {
  const { choose } = play;
  const id = uuidV7();
  const { key, body, hold: used } = keyOfAct(play, id);
  return {
    id,
    key: choose.chance(50) ? null : key,
    body,
    hold: used !== null && choose.chance(60) ? used : chosen,
  };
}

/** A used one is mostly that of an earlier act on a hold. */
const keyOfAct = (play: Play, id: string) =>
  keyFor(play, id, play.choose.chance(70) ? ({ hold }) => hold !== null : undefined);

/** Often exactly what is left, or a cent more. */
function anAmount(choose: Play['choose'], hold: ModelHold | undefined): bigint | null {
  const left = hold ? leftOf(hold) : 0n;
  if (left === 0n) return BigInt(1 + choose.number(100));
  return choose.one([null, left, left + 1n, 1n, BigInt(1 + choose.number(Number(left))), left / 3n + 1n]);
}

/** Mostly an open one of a short while ago; seldom one that does not exist. */
function anyHold({ choose, model }: Play): string {
  const all = [...model.holds];
  const open = all.filter(([, { state }]) => state === 'open').slice(-bounds.recent);
  const from = open.length > 0 && choose.chance(75) ? open : all;
  return from.length === 0 || choose.chance(3) ? uuidV7() : choose.one(from)[0];
}

const some = <Of>({ choose }: Play, make: () => Of): Of[] =>
  Array.from({ length: 1 + choose.number(bounds.batch) }, make);

/** Two commands with one key never share a batch. */
export const eachKeyOnce = <Of extends { id: string; key: string | null }>(all: Of[]): Of[] => [
  ...new Map(all.map((one) => [one.key ?? one.id, one])).values(),
];

export const eachHoldOnce = <Of extends { hold: string }>(all: Of[]): Of[] => [
  ...new Map(all.map((one) => [one.hold, one])).values(),
];
