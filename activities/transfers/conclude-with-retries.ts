import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationDetails } from '@temporalio/activity';
import { isHopeless } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Conclusion, Report } from '../../ledger/transfers/conclude.ts';

/** The first wait before an outcome is written again, and the longest after doubling. */
const againFirstMs = 50;
/** The longest of those waits: the outcome is written within a second after the database is back. */
const againMaxMs = 1_000;
/** A tenth of the step's longest run is reserved for its end: its result must still arrive. */
const shareForTheEnd = 0.1;

/**
 * Makes the `conclude` of one run of a step. The rail's answer is known only here, so while the database is down the
 * write is retried (it is idempotent) for nearly as long as the step may run. Throws the last error: immediately
 * when the same report would always fail, or when the process has no time left to stop.
 */
export function concludeWithRetries(ledger: Pick<Ledger, 'conclude'>): (report: Report) => Promise<Conclusion> {
  const endsAt = performance.now() + activityInfo().startToCloseTimeoutMs * (1 - shareForTheEnd);
  // A step that the server has timed out still has the answer: only time and the end of the process stop the retries.
  const mayGoOn = () => performance.now() < endsAt && cancellationDetails()?.workerShutdown !== true;
  return async (report) => {
    for (let pauseMs = againFirstMs; ; pauseMs = Math.min(2 * pauseMs, againMaxMs)) {
      try {
        return await ledger.conclude(report);
      } catch (error) {
        if (isHopeless(error) || !mayGoOn()) throw error;
        await sleep(pauseMs);
      }
    }
  };
}
