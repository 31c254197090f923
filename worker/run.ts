import type { Worker } from '@temporalio/worker';

/**
 * Runs the workers until `stopping` is aborted, in this order: nothing new is sent to a rail, no new work is taken, what runs
 * is finished and written. Resolves when all have ended. Throws when a worker ended by itself.
 */
export async function runWorkers(workers: readonly Worker[], stopping: AbortController): Promise<void> {
  stopping.signal.addEventListener('abort', () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  // One that fails takes the others down in good order; the supervisor starts the process again.
  const ends = workers.map((worker) => worker.run().finally(() => stopping.abort()));
  const results = await Promise.allSettled(ends);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
