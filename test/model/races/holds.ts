import { v7 as uuidV7 } from 'uuid';
import type { NewCapture, NewHold, NewRelease } from '../model/terms.ts';
import { eachHoldOnce, eachKeyOnce, expireAll, newCapture, newHold, newRelease } from '../play/holds.ts';
import type { Play } from '../play/play.ts';
import { newRequest } from '../play/transfers.ts';
import { commitIn, settleByCommit } from './by-commit.ts';
import { expiries, holdOf, settleCaptures, settleHolds, settleReleases } from './hold-answers.ts';
import { settleReserve } from './transfers.ts';

/**
 * Over the same holds: two batches of captures, one of releases, and two looks for what has expired, which some have and some do meanwhile;
 * beside them new holds and transfers from the same accounts. Each call has a hold of its own, which says when its commit was.
 */
export async function raceHolds(play: Play): Promise<void> {
  const { book, choose } = play;
  const [one, other, third, ...shared] = await makeHolds(play, 11);
  const near = new Set(shared.slice(2, 5));
  await endHolds(play, shared.slice(0, 2));
  const first = captureBatch(play, one, shared);
  // One request comes twice at once, under one key.
  const again = first.slice(-1).map((capture) => ({ ...capture, id: uuidV7() }));
  const second = eachHoldOnce(eachKeyOnce([...captureBatch(play, other, shared), ...again]));
  const releases = releaseBatch(play, third, shared);
  const holds = eachKeyOnce([aHold(play), ...Array.from({ length: 4 }, () => newHold(play))]);
  const transfers = Array.from({ length: 4 }, () => newRequest(play));
  await book.keepSteady();
  await book.endHolds([...near], 3 + choose.number(20));
  const [captured, capturedToo, released, created, reserved, ...looks] = await Promise.all([
    book.captureHolds(first),
    book.captureHolds(second),
    book.releaseHolds(releases),
    book.createHolds(holds),
    book.reserve(transfers),
    book.expireHolds(3),
    book.expireHolds(500),
  ]);
  const calls = [
    { first: one, settle: () => settleCaptures(play, { batch: first, near }, captured) },
    { first: other, settle: () => settleCaptures(play, { batch: second, near }, capturedToo) },
    { first: third, settle: () => settleReleases(play, releases, released) },
    { first: holds[0]?.id, settle: () => settleHolds(play, holds, created) },
    { first: transfers[0]?.id, settle: () => settleReserve(play, transfers, reserved) },
  ];
  const commits = await book.batchesOf(calls.flatMap((call) => call.first ?? []));
  settleByCommit([
    ...calls.map(({ first: id, ...call }) => ({ commit: commitIn(commits, id), ...call })),
    ...(await expiries(play, looks)),
  ]);
  await endHolds(play, shared);
  await expireAll(play);
}

/** A small one that is never refused. */
function aHold({ choose, funding, customers }: Play): NewHold {
  const id = uuidV7();
  const [to = ''] = customers;
  const amount = BigInt(1 + choose.number(30));
  return { id, key: id, body: id, from: funding, to, currency: 'USD', amount, expiry: 'default' };
}

async function makeHolds(play: Play, count: number): Promise<string[]> {
  const batch = Array.from({ length: count }, () => aHold(play));
  settleHolds(play, batch, await play.book.createHolds(batch));
  return batch.map(({ id }) => id);
}

/** The time of those that are open is over. */
async function endHolds({ book, model }: Play, ids: string[]): Promise<void> {
  const open = ids.filter((id) => holdOf(model, id).state === 'open');
  await book.endHolds(open);
  for (const id of open) holdOf(model, id).isDue = true;
}

function captureBatch(play: Play, own = '', ids: string[] = []): NewCapture[] {
  const id = uuidV7();
  const whole = { id, key: id, body: id, hold: own, amount: null, isFinal: false };
  return eachHoldOnce(eachKeyOnce([whole, ...ids.map((hold) => newCapture(play, hold))]));
}

function releaseBatch(play: Play, own = '', ids: string[] = []): NewRelease[] {
  const id = uuidV7();
  const some = ids.filter(() => play.choose.chance(60)).map((hold) => newRelease(play, hold));
  return eachHoldOnce(eachKeyOnce([{ id, key: null, body: id, hold: own }, ...some]));
}
