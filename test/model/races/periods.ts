import { closePeriod, nameOf, startOf } from '../model/periods.ts';
import type { NewEntry } from '../model/terms.ts';
import { settle } from '../play/compare.ts';
import type { Play } from '../play/play.ts';
import { commitIn, settleByCommit } from './by-commit.ts';
import { entryBatch, settleEntries } from './entries.ts';

const dayMs = 86_400_000;

/** Two months are closed while entries are dated into them: some begin before the closes, and some after. */
export async function racePeriods(play: Play): Promise<void> {
  const { book, model } = play;
  const next = (model.periods?.last ?? 0) + 1;
  const closes = [next + 1, next].map((month) => ({ month, askedAt: Date.now() }));
  const batches = Array.from({ length: 8 }, () => datedBatch(play, next));
  const post = (some: NewEntry[][]) => Promise.all(some.map((batch) => book.post(batch)));
  const [early, closed, late] = await Promise.all([
    post(batches.slice(0, 2)),
    Promise.all(closes.map((close) => book.closePeriod(close))),
    post(batches.slice(2)),
  ]);
  const posted = [...early, ...late];
  const commits = await book.batchesOf(batches.flatMap(([first]) => first?.id ?? []));
  const closeCalls = closes.map(async (close, i) => ({
    commit: await book.batchOfMonth(nameOf(close.month)),
    settle: () => settle({ play, verb: 'close' }, [close], [closed[i]], () => closePeriod(model, close)),
  }));
  settleByCommit([
    ...(await Promise.all(closeCalls)),
    ...batches.map((batch, i) => ({
      commit: commitIn(commits, batch[0]?.id),
      settle: () => settleEntries(play, batch, posted[i] ?? []),
    })),
  ]);
}

/** Mostly dated into one of both months, or right after them; never its first entry, which is always posted. */
const datedBatch = (play: Play, month: number): NewEntry[] =>
  entryBatch(play).map((entry, i) => {
    const isDated = i > 0 && play.choose.chance(70);
    return isDated ? { ...entry, effectiveAt: startOf(month) + play.choose.one([0, 20, 50, 70]) * dayMs } : entry;
  });
