import type { Worker } from '@temporalio/worker';
import type { Log } from '../config/log.ts';

/**
 * Runs the workers until the process is told to stop, in this order: nothing new is sent to a rail, no new work is taken,
 * what runs is finished and written. Resolves when all have ended. Throws when a worker ended by itself.
 */
export async function runUntilStopped({
  workers,
  stopping,
  log,
}: {
  workers: readonly Worker[];
  stopping: AbortController;
  log: Pick<Log, 'info'>;
}): Promise<void> {
  const stop = (signal: string) => {
    if (stopping.signal.aborted) return;
    log.info({ signal }, 'the worker stops: what is in flight is finished, the rest is put off');
    stopping.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  // One that fails takes the others down in good order; the supervisor starts the process again.
  const ends = workers.map((worker) => worker.run().finally(() => stop('a worker ended')));
  const results = await Promise.allSettled(ends);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
