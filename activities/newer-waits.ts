import type { NewerWaits } from '../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../workflows/contract/waits.ts';

/**
 * The same activity, whose result also has this worker's waits when they are not those that the workflow runs on. So a
 * changed setting, or a wait that a new version added, reaches a workflow that lives for months with its next step.
 */
export const withNewerWaits =
  <Input extends { waits?: Partial<Waits> }, Result extends object>(
    ownWaits: Waits,
    activity: (input: Input) => Promise<Result>,
  ) =>
  async (input: Input): Promise<Result & NewerWaits> => {
    const result = await activity(input);
    const isCurrent = JSON.stringify(waitsOf(input)) === JSON.stringify(waitsOf({ waits: ownWaits }));
    return isCurrent ? result : { ...result, waits: ownWaits };
  };
