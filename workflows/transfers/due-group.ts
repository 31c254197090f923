import type { Uuid } from '../../domain/ids.ts';
import { stepsFor } from '../activity-table.ts';
import type { DueGroupInput } from '../contract/messages.ts';
import { waitsOf } from '../contract/waits.ts';
import { carry } from './carry.ts';

/**
 * Carries rows that a dispatcher took when they were due, as `transferGroup` carries new transfers.
 *
 *   1. release          what this group holds becomes `submitting`, a book transfer is posted
 *   2. submit           sends to the rail and writes each outcome as it arrives, until none is left
 *   3. startInquiries   what is `unknown` gets a workflow of its own
 *
 * An account's transfers are sent side by side, in the order in which they were reserved, as new ones are; the next group of the
 * account begins when all of them are decided. If this workflow is lost, its rows
 * are due again when the handover ends, or are found by the sweep.
 */
export async function dueGroup(input: DueGroupInput, ids: Uuid[]): Promise<void> {
  const { groupId, rail, probe } = input;
  const waits = waitsOf(input);
  const steps = stepsFor(waits, rail);
  const { submitting } = await steps.release({ groupId, ids });
  await carry({ groupId, rail, waits, steps, probe }, submitting);
}
