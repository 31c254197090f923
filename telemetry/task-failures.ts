import type { Alarms } from './alarms/alarms.ts';

/** How often the figures of Temporal's core are read. */
const lookEveryMs = 10_000;
/** How far back failures are counted. */
const windowMs = 60_000;
/**
 * So many failures within that time, seen by two looks or more, are no accident. Core counts one or two `NonDeterminismError` after a
 * worker was frozen, and they repair themselves; a task that really fails is tried about every ten seconds.
 */
const failuresMin = 3;

/**
 * Watches how many workflow tasks fail in this process, by reason: a workflow that does not replay on this release, one whose code
 * throws, one whose message is too large. Core tells each with one line of level WARN, without the id of the workflow, and
 * Temporal's UI shows it only later. `read` gives the page of core's metrics. Returns what stops it.
 */
export function watchTaskFailures({
  read,
  alarms,
  everyMs = lookEveryMs,
}: {
  read: () => Promise<string>;
  alarms: Alarms;
  everyMs?: number;
}): () => void {
  let before: Readonly<Record<string, number>> = {};
  let increases: { at: number; reason: string; by: number }[] = [];
  const look = async (): Promise<void> => {
    const now = performance.now();
    const counts = countsIn(await read());
    for (const [reason, count] of Object.entries(counts)) {
      const by = count - (before[reason] ?? 0);
      if (by > 0) increases.push({ at: now, reason, by });
    }
    before = { ...before, ...counts };
    increases = increases.filter(({ at }) => now - at <= windowMs);
    for (const reason of new Set(increases.map((increase) => increase.reason))) {
      const own = increases.filter((increase) => increase.reason === reason);
      const failures = own.reduce((sum, { by }) => sum + by, 0);
      if (own.length >= 2 && failures >= failuresMin) alarms.raise('workflow_task_fails', { reason, failures }, reason);
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}

/** The failed workflow tasks on a page of core's metrics, summed by reason. */
function countsIn(page: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, labels = '', value] of page.matchAll(
    /^temporal_workflow_task_execution_failed(?:_total)?\{([^}]*)\} (\S+)/gm,
  )) {
    const reason = /failure_reason="([^"]*)"/.exec(labels)?.[1] ?? 'unknown';
    counts[reason] = (counts[reason] ?? 0) + Number(value);
  }
  return counts;
}
