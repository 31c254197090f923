import { type Waits, waitsOf } from '../workflows/contract/waits.ts';

/**
 * What a step tells a workflow that may live for months: the waits of this worker, when they are not those that it runs on.
 * So a changed setting, or a wait that a new version added, reaches it with its next step.
 */
export function newerWaits(input: { waits?: Partial<Waits> }, own: Waits): { waits?: Waits } {
  return JSON.stringify(waitsOf(input)) === JSON.stringify(waitsOf({ waits: own })) ? {} : { waits: own };
}
