import { allHandlersFinished, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import { lookSignal, progressQuery, type StatementRunInput, type StatementRunResult } from '../contract/messages.ts';
import type { MakeStatementsResult, StatementMonth } from '../contract/steps.ts';
import { changedWaits, waitsOf } from '../contract/waits.ts';
import { toWords } from '../words.ts';
import { cut } from './cut.ts';
import { lanesFor } from './lanes.ts';
import { continueWhenLong, type Run } from './long-run.ts';
import { createStory } from './story.ts';

/**
 * Makes the statements of one tenant: those of a month that is over, or (`month` null) those that were asked for, and final ones.
 *
 *   1. cut    when no commit of the month is under way: freezes where each statement ends, in pages of accounts
 *   2. make   on lanes: takes statements that nobody has, writes, renders and stores them
 *   3. wait   until another one can be taken, or until a signal says to look
 *   … until none is left.
 *   4. close  the month; what the last look at its accounts found besides is made first
 *
 * What is done is in rows: a run that was cancelled, or lost, leaves rows that the next one takes up, and a second run of a closed
 * month makes nothing.
 */
export async function statementRun(input: StatementRunInput): Promise<StatementRunResult> {
  const { tenantId, month, counts } = input;
  const run: Run = { tenantId, month, waits: waitsOf(input), story: createStory(), isWoken: false };
  setHandler(lookSignal, () => {
    run.isWoken = true;
  });
  setHandler(progressQuery, run.story.progress);

  if (counts) run.story.count(counts);
  else if (month !== null) await cut({ tenantId, month }, run);
  for (;;) {
    await makeAll(run);
    const left = month === null ? 0 : await close({ tenantId, month }, run);
    if (left > 0) await waitFor(run.waits.statementsEveryMs, run);
    else if (!run.isWoken) break;
  }
  await condition(allHandlersFinished);
  const { made, left, attention } = run.story.progress();
  return { made, left, attention };
}

/** Makes what there is, and waits for what there will be, until none is left. */
async function makeAll(run: Run): Promise<void> {
  const { month, story } = run;
  story.enter('making');
  for (let lanes = lanesFor(story.progress()); ; lanes = lanes > 1 ? 1 : lanesFor(story.progress())) {
    run.isWoken = false;
    const { waitMs, ...last } = await makeOnLanes(lanes, run);
    run.waits = waitsOf({ waits: run.waits, ...last });
    await continueWhenLong(run, month === null ? undefined : story.counts());
    // One of several lanes may have found that the others had what was left: one alone looks again.
    if (lanes > 1) continue;
    if (waitMs === null) return;
    await waitFor(waitMs, run);
  }
}

/**
 * Each lane makes statements until it finds none that it can take now. Returns what the last of them found. The first step of each is longer than that of
 * the lane before it, so that they end one after the other, and what the run says of itself is never as old as a step.
 */
async function makeOnLanes(lanes: number, { tenantId, month, waits, story }: Run): Promise<MakeStatementsResult> {
  const budgetMs = waits.statementsBudgetMs;
  let last: MakeStatementsResult = { made: 0, putOff: 0, left: 0, waitMs: null, counts: null };
  const lane = async (_: unknown, index: number): Promise<void> => {
    let statementsBudgetMs = Math.ceil((budgetMs * (index + 1)) / lanes);
    do {
      last = await stepsFor(waits).makeStatements({
        ...{ tenantId, month },
        waits: changedWaits({ ...waits, statementsBudgetMs }),
      });
      story.add(last);
      statementsBudgetMs = budgetMs;
    } while (last.waitMs === 0 && !workflowInfo().continueAsNewSuggested);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return last;
}

/** A longer wait than the longest is looked at in between. */
async function waitFor(ms: number, run: Run): Promise<void> {
  const longestMs = Math.min(ms, run.waits.statementsWaitMaxMs);
  if (longestMs > 0) await condition(() => run.isWoken, longestMs, { summary: `looks again in ${toWords(longestMs)}` });
}

/** Returns how many statements the last look at the accounts found besides. */
async function close(of: StatementMonth, { waits, story }: Run): Promise<number> {
  story.enter('closing');
  const closed = await stepsFor(waits).closeStatements(of);
  return closed.status === 'closed' ? 0 : closed.left;
}
