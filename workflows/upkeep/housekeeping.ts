import type { Housekept } from '../../activities/upkeep/housekeep.ts';
import { type HousekeepingInput, waitsOf } from '../contract/messages.ts';
import { stepsFor } from '../contract/steps.ts';

/** Makes next months' partitions and forgets old rows of deliveries. Schedule `housekeeping` runs it once a day. */
export function housekeeping(input: HousekeepingInput): Promise<Housekept> {
  return stepsFor(waitsOf(input)).housekeep();
}
