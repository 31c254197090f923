import { stepsFor } from '../activity-table.ts';
import type { WatchInput } from '../contract/messages.ts';
import type { RepairOverdueResult } from '../contract/steps.ts';
import { waitsOf } from '../contract/waits.ts';

/**
 * Looks for rows that wait longer than they should, whatever Temporal says of their workflows, and sets them going:
 * a lost worker, a lost workflow, or Temporal itself started empty. Schedule `watch` runs it; one at a time.
 */
export function watch(input: WatchInput): Promise<RepairOverdueResult> {
  const waits = waitsOf(input);
  return stepsFor(waits).repairOverdue({ waits });
}
