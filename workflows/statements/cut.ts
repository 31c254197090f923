import { sleep } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { StatementMonth } from '../contract/steps.ts';
import { toWords } from '../words.ts';
import { continueWhenLong, type Run } from './long-run.ts';

/** The first wait between two looks, doubled with each: most months can be cut at once. */
const firstLookMs = 50;
/** The longest of those waits: a commit that hangs for hours fills no history. */
const lastLookMs = 10_000;

/** Waits until no commit of the month is under way, and has its statements cut. */
export async function cut(of: StatementMonth, run: Run): Promise<void> {
  const { waits, story } = run;
  for (let looks = 0; ; looks += 1) {
    story.enter('cutting');
    const found = await stepsFor(waits).cutStatements(of);
    if (found.status === 'cut') return story.count(found);
    story.enter('waiting');
    const waitMs = Math.max(found.waitMs, Math.min(firstLookMs * 2 ** looks, lastLookMs));
    await sleep(waitMs, { summary: `looks again in ${toWords(waitMs)} whether the month can be cut` });
    await continueWhenLong(run);
  }
}
