import { v7 as uuidV7 } from 'uuid';
import { postEntry } from '../model/entries.ts';
import { ownOf } from '../model/model.ts';
import { closedUntilOf, startOf } from '../model/periods.ts';
import type { ModelLeg, NewEntry } from '../model/terms.ts';
import { capacityOf, hugeAmount } from './choose.ts';
import { settle } from './compare.ts';
import { keyFor } from './keys.ts';
import type { Play } from './play.ts';

const bounds = { batch: 12, legs: 5, recent: 40 };
const dayMs = 86_400_000;

/** A batch of new entries, reversals of earlier ones, and repetitions. */
export async function postSome(play: Play): Promise<void> {
  const batch = new Map<string, NewEntry>();
  // A reversal names what was decided before its batch.
  const earlier = [...play.model.entries.keys()].slice(-bounds.recent);
  for (let left = 1 + play.choose.number(bounds.batch); left > 0; left -= 1) {
    const request = newEntry(play, earlier);
    // Two commands with one key never share a batch.
    if (!batch.has(request.key)) batch.set(request.key, request);
  }
  const all = [...batch.values()];
  settle({ play, verb: 'post' }, all, await play.book.post(all), (request) => postEntry(play.model, request));
}

export function newEntry(play: Play, earlier: string[]): NewEntry {
  const { choose } = play;
  const id = uuidV7();
  const { key, body } = keyFor(play, id);
  const sent = { id, key, body, effectiveAt: choose.chance(40) ? aDate(play) : null };
  // Captures of holds are entries of one leg, and there are many.
  const whole = earlier.filter((one) => (play.model.entries.get(one)?.legs.length ?? 0) > 1);
  const from = whole.length > 0 && choose.chance(50) ? whole : earlier;
  if (choose.chance(25)) return { ...sent, legs: null, reverses: from.length > 0 ? choose.one(from) : uuidV7() };
  return { ...sent, reverses: null, legs: Array.from({ length: 1 + choose.number(bounds.legs) }, () => aLeg(play)) };
}

/** Around the end of what is closed, often to the millisecond. */
function aDate({ choose, model }: Play): number {
  const end = closedUntilOf(model) ?? startOf(0);
  return end + choose.one([-1, 0, 1, -40 * dayMs, -dayMs, dayMs, 20 * dayMs, 40 * dayMs, 70 * dayMs]);
}

/** Mostly between accounts that may have it, so that whole entries are posted. */
function aLeg({ choose, names, customers, funding, model }: Play): ModelLeg {
  const usual = [...customers, funding, ownOf(model, 'USD').fees];
  const anyone = () => choose.one(choose.chance(96) ? usual : names);
  const debit = anyone();
  const largest = choose.chance(15) ? capacityOf(model.accounts.get(debit)) : 0n;
  const usualAmount = choose.chance(1) ? hugeAmount : BigInt(1 + choose.number(300));
  const amount = largest > 0n ? largest : usualAmount;
  return { debit, credit: anyone(), amount, currency: choose.chance(98) ? 'USD' : 'EUR' };
}
