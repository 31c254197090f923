import type { Housekept } from '../activities/housekeep.ts';
import type { HousekeepingInput } from './messages.ts';
import { stepsFor } from './steps.ts';

/** Makes next months' partitions and forgets old rows of deliveries. Schedule `housekeeping` runs it once a day. */
export function housekeeping({ waits }: HousekeepingInput): Promise<Housekept> {
  return stepsFor(waits).housekeep();
}
