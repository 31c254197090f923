import { closePeriod, startOf } from '../model/periods.ts';
import type { Close } from '../model/terms.ts';
import { settle } from './compare.ts';
import type { Play } from './play.ts';

/** Far ahead of every clock. */
const neverOver = 12 * 900;

/** Closes a month: mostly the next, or some at once; also one that is closed, or is not over by one of both clocks. */
export async function closeOne(play: Play): Promise<void> {
  const close = aClose(play);
  const answer = await play.book.closePeriod(close);
  settle({ play, verb: 'close' }, [close], [answer], (it) => closePeriod(play.model, it));
}

function aClose({ choose, model }: Play): Close {
  const next = (model.periods?.last ?? 0) + 1;
  const month = choose.one([next, next, next + 2, next - 1, next - 3, neverOver]);
  // One that asks has a clock that is right, far ahead, or at the minute after the end of the month, to the millisecond.
  const askedAt = choose.one([Date.now(), Date.UTC(3000, 0), startOf(month + 1) + 60_000, startOf(month + 1) + 59_999]);
  return { month, askedAt };
}
