import type { Repairs } from '../../activities/upkeep/repair-overdue.ts';
import { type WatchInput, waitsOf } from '../contract/messages.ts';
import { stepsFor } from '../contract/steps.ts';

/**
 * Looks for rows that wait longer than they should, whatever Temporal says of their workflows, and sets them going:
 * a lost worker, a lost workflow, or Temporal itself started empty. Schedule `watch` runs it; one at a time.
 */
export function watch(input: WatchInput): Promise<Repairs> {
  const waits = waitsOf(input);
  return stepsFor(waits).repairOverdue({ waits });
}
