import type { Captured } from '../book/holds.ts';
import { captureHold, createHold, expireHold, releaseHold } from '../model/holds.ts';
import type { ModelHold, NewCapture, NewHold, NewRelease } from '../model/terms.ts';
import { settle } from '../play/compare.ts';
import type { Play } from '../play/play.ts';
import { type Call, commitIn } from './by-commit.ts';

/**
 * Whether the time of a hold that is `near` its end was over, only the database knows. Its first answer says so, and from then on it is
 * over for the model too.
 */
export const settleCaptures = (
  play: Play,
  { batch, near }: { batch: NewCapture[]; near: Set<string> },
  outcomes: Captured[],
): void =>
  settle(
    { play, verb: 'capture' },
    batch,
    outcomes.map(({ answer }) => answer),
    (request, place) => {
      const { answer = '', entryId = null } = outcomes[place] ?? {};
      if (near.has(request.hold) && answer.startsWith('decided hold_expired'))
        holdOf(play.model, request.hold).isDue = true;
      return captureHold(play.model, request, entryId);
    },
  );

export const settleReleases = (play: Play, batch: NewRelease[], answers: string[]): void =>
  settle({ play, verb: 'release hold' }, batch, answers, (request) => releaseHold(play.model, request));

export const settleHolds = (play: Play, batch: NewHold[], answers: string[]): void =>
  settle({ play, verb: 'hold' }, batch, answers, (request) => createHold(play.model, request));

/** What the looks have expired, each in its commit, until which it was open. `looks`: how many each of them counted. */
export async function expiries({ book, model, differences }: Play, looks: number[]): Promise<Call[]> {
  const open = [...model.holds].filter(([, { state }]) => state === 'open').map(([id]) => id);
  const expired = await book.expiredOf(open);
  const commits = await book.batchesOf(expired);
  const count = looks.reduce((sum, n) => sum + n, 0);
  if (count !== expired.length) differences.push(`expire: ${count} were counted, and ${expired.length} have expired`);
  return expired.map((id) => ({
    commit: commitIn(commits, id),
    settle: () => {
      const hold = holdOf(model, id);
      hold.isDue = true;
      if (!expireHold(model, hold)) differences.push(`expire ${id}: the model has it ${hold.state}`);
    },
  }));
}

export function holdOf(model: Play['model'], id: string): ModelHold {
  const hold = model.holds.get(id);
  if (!hold) throw new Error(`the model has no hold ${id}`);
  return hold;
}
