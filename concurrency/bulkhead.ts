import pLimit from 'p-limit';
import { Overload } from './overload.ts';

/** How many run concurrently, and how many may wait. */
export type BulkheadLimits = { runningMax: number; waitingMax: number };

/**
 * Runs work of one kind within limits, first come first served. Throws an {@link Overload} immediately when too many wait
 * already, so that no queue fills with requests whose clients have gone. `of` names the kind for the log.
 */
export function createBulkhead(
  of: string,
  { runningMax, waitingMax }: BulkheadLimits,
): <T>(work: () => Promise<T>) => Promise<T> {
  const limit = pLimit(runningMax);
  return (work) =>
    limit.pendingCount >= waitingMax
      ? Promise.reject(new Overload(`${waitingMax} ${of} wait for the database already`))
      : limit(work);
}
