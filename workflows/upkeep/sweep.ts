import { stepsFor } from '../activity-table.ts';
import type { SweepInput } from '../contract/messages.ts';
import type { RepairOverdueResult } from '../contract/steps.ts';
import { changedWaits, waitsOf } from '../contract/waits.ts';

/**
 * Looks for rows that wait longer than they should, independent of their workflows, and repairs them: a worker
 * was lost, a workflow was lost, or Temporal itself was started empty. Schedule `sweep` runs it; one at a time.
 */
export function sweep(input: SweepInput): Promise<RepairOverdueResult> {
  const waits = waitsOf(input);
  return stepsFor(waits).repairOverdue({ waits: changedWaits(waits) });
}
