import pLimit from 'p-limit';
import pTimeout, { TimeoutError } from 'p-timeout';
import { Bug } from '../domain/check.ts';
import type { StorageBounds } from './bounds.ts';
import { StorageFault } from './fault.ts';

/** Makes one call to a store, within its limits. */
export type Call = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Calls with a limit in time and in number. Whatever a call throws that is no fault yet, silence among it, becomes one
 * without a decisive answer: what was asked for may have happened.
 */
export function createCalls({ callMs, runningMax, waitingMax }: StorageBounds): Call {
  const limit = pLimit(runningMax);
  return (work) =>
    limit.pendingCount >= waitingMax
      ? Promise.reject(new StorageFault('busy', `${waitingMax} calls wait for it already`))
      : limit(() => within(callMs, work));
}

/** The signal ends what is still going on after the limit, and is cheap: nothing is made that only a slow call needs. */
async function within<T>(callMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  try {
    return await pTimeout(work(stop.signal), { milliseconds: callMs });
  } catch (error) {
    stop.abort();
    if (error instanceof StorageFault || error instanceof Bug) throw error;
    if (error instanceof TimeoutError) throw new StorageFault('unknown', `no answer within ${callMs} ms`);
    throw new StorageFault('unknown', error instanceof Error ? error.name : 'something that is not an Error', {
      cause: error,
    });
  }
}
