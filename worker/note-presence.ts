import type { Log } from '../config/log.ts';
import type { WorkerState } from '../telemetry/health.ts';
import { versionedQueues } from '../workflows/contract/versioning.ts';

/** How often a process says which queues it serves: others miss it after a few of these. */
const everyMs = 5_000;

/**
 * Says to the ledger, now and every few seconds, which queues this process serves. A worker that fails, drains, hangs or cannot
 * write says nothing, and every other process raises the alarm. A queue of workflows is said twice: by its name, and as `<queue>@<build>`, with
 * nothing after the @ when these workers have no version. Never throws; returns what stops it.
 */
export function notePresence({
  note,
  workers,
  buildId,
  log,
}: {
  note: (queues: string[]) => Promise<unknown>;
  workers: () => readonly WorkerState[];
  /** Null: these workers have no version. */
  buildId: string | null;
  log: Pick<Log, 'warn'>;
}): () => void {
  let isBusy = false;
  const noteNow = async (): Promise<void> => {
    const queues = workers().flatMap(({ queue, state }) => (state === 'RUNNING' ? namesOf(queue, buildId) : []));
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

const namesOf = (queue: string, buildId: string | null): string[] =>
  versionedQueues.some((versioned) => versioned === queue) ? [queue, `${queue}@${buildId ?? ''}`] : [queue];
