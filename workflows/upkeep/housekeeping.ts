import { stepsFor } from '../activity-table.ts';
import type { HousekeepingInput } from '../contract/messages.ts';
import type { HousekeepResult } from '../contract/steps.ts';
import { waitsOf } from '../contract/waits.ts';

/** Makes next months' partitions, drops old months of deliveries, and removes rows that the archive has. Schedule `housekeeping` runs it once a day. */
export function housekeeping(input: HousekeepingInput): Promise<HousekeepResult> {
  return stepsFor(waitsOf(input)).housekeep();
}
