import { continueAsNew } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { DispatchInput } from '../contract/messages.ts';
import { changedWaits, waitsOf } from '../contract/waits.ts';

/** Runs of `takeDue` before the history starts again: about three hours of a quiet rail. */
const runsMax = 200;

/**
 * The dispatcher of a rail, `book` included: takes `scheduled` rows when they are due and starts a group for them. It never
 * ends. What waits is a row, not a workflow, so an hour of a dead rail costs rows. One run of the step looks for about a
 * minute; a quiet rail costs this workflow one step a minute.
 */
export async function dispatch(input: DispatchInput): Promise<void> {
  const { rail } = input;
  let waits = waitsOf(input);
  for (let run = 0; run < runsMax; run += 1) {
    const taken = await stepsFor(waits).takeDue({ rail, waits: changedWaits(waits) });
    waits = waitsOf({ waits, ...taken });
  }
  await continueAsNew<typeof dispatch>({ rail, waits: changedWaits(waits) });
}
