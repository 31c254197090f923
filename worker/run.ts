import type { Worker } from '@temporalio/worker';

/**
 * Runs the workers until `stopping` is aborted, in this order: no new send to a rail, no new work, what runs
 * is finished and written. Resolves when all have ended. Throws when a worker ended by itself.
 */
export async function runWorkers(workers: readonly Worker[], stopping: AbortController): Promise<void> {
  stopping.signal.addEventListener('abort', () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  });
  // A worker that fails stops the others gracefully; the supervisor starts the process again.
  const ends = workers.map((worker) => worker.run().finally(() => stopping.abort()));
  const results = await Promise.allSettled(ends);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
