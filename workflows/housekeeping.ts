import type { Housekept } from '../activities/housekeep.ts';
import { type HousekeepingInput, waitsOf } from './messages.ts';
import { stepsFor } from './steps.ts';

/** Makes next months' partitions and forgets old rows of deliveries. Schedule `housekeeping` runs it once a day. */
export function housekeeping(input: HousekeepingInput): Promise<Housekept> {
  return stepsFor(waitsOf(input)).housekeep();
}
