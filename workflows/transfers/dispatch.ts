import { continueAsNew } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import type { DrainInput } from '../contract/messages.ts';
import { waitsOf } from '../contract/waits.ts';

/** Runs of the step before the history starts afresh: about three hours of a quiet rail. */
const runsMost = 200;

/**
 * Brings a rail's `scheduled` rows back on their way when they fall due: for ever, one drain a rail, `book` included.
 * What waits is a row, not a workflow, so an hour of a dead rail costs rows. The step looks again and again for about a
 * minute and starts a group for whatever it takes; a quiet rail costs this workflow one step a minute.
 */
export async function drain(input: DrainInput): Promise<void> {
  const { rail } = input;
  let waits = waitsOf(input);
  for (let run = 0; run < runsMost; run += 1) {
    const drained = await stepsFor(waits).takeDue({ rail, waits });
    waits = waitsOf({ waits, ...drained });
  }
  await continueAsNew<typeof drain>({ rail, waits });
}
