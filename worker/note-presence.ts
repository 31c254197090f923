import type { Log } from '../config/log.ts';
import type { WorkerState } from '../telemetry/health.ts';

/** How often a process says which queues it serves: others miss it after a few of these. */
const everyMs = 5_000;

/**
 * Says to the ledger, now and every few seconds, which queues this process serves. A worker that fails, drains, hangs or cannot
 * write says nothing, and every other process raises the alarm. Never throws; returns what stops it.
 */
export function notePresence({
  note,
  workers,
  log,
}: {
  note: (queues: string[]) => Promise<unknown>;
  workers: () => readonly WorkerState[];
  log: Pick<Log, 'warn'>;
}): () => void {
  let isBusy = false;
  const noteNow = async (): Promise<void> => {
    const queues = workers().flatMap(({ queue, state }) => (state === 'RUNNING' ? [queue] : []));
    if (queues.length === 0 || isBusy) return;
    isBusy = true;
    await note(queues).catch((error: unknown) =>
      log.warn({ err: error }, 'the ledger was not told that this worker is here'),
    );
    isBusy = false;
  };
  const timer = setInterval(() => void noteNow(), everyMs);
  void noteNow();
  return () => clearInterval(timer);
}
