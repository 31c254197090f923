import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationDetails } from '@temporalio/activity';
import { isHopeless } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Conclusion, Report } from '../../ledger/transfers/conclude.ts';

/** The first wait before an outcome is written again, and the longest after doubling. */
const againFirstMs = 50;
const againMostMs = 1_000;
/** A tenth of the step's longest run is left to it for its end: its own answer must still arrive. */
const shareForTheEnd = 0.1;

/**
 * Makes the `conclude` of one run of a step. What a rail said is known here and nowhere else, so while the database is away
 * it is written again and again (twice is once) for nearly as long as the step may run. Throws what the last of them threw:
 * at once when the same report would fail for ever, or when the process has no time left to stop.
 */
export function concludePatiently(ledger: Pick<Ledger, 'conclude'>): (report: Report) => Promise<Conclusion> {
  const endsAt = performance.now() + activityInfo().startToCloseTimeoutMs * (1 - shareForTheEnd);
  // A step that the server gave up still knows what it knows: only time and the end of the process end it.
  const mayGoOn = () => performance.now() < endsAt && cancellationDetails()?.workerShutdown !== true;
  return async (report) => {
    for (let pauseMs = againFirstMs; ; pauseMs = Math.min(2 * pauseMs, againMostMs)) {
      try {
        return await ledger.conclude(report);
      } catch (error) {
        if (isHopeless(error) || !mayGoOn()) throw error;
        await sleep(pauseMs);
      }
    }
  };
}
