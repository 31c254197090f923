import type { NetworkName } from '../../domain/rail.ts';
import { taskQueues } from './names.ts';
import type { Waits } from './waits.ts';

/** The least time after which a missing sweep or dispatcher is late: below a minute, and far above what one takes. */
const lateMs = 45_000;

/**
 * What must always be at work: a worker of each task queue, and each piece of periodic work with the longest time between two of
 * its finishes, in milliseconds. Every process watches it (telemetry/monitor).
 */
export const alwaysAtWork = (
  networks: readonly NetworkName[],
  {
    sweepEveryMs,
    statementsEveryMs,
    archiveEveryMs,
  }: Pick<Waits, 'sweepEveryMs' | 'statementsEveryMs' | 'archiveEveryMs'>,
): { queues: string[]; runs: Record<string, number> } => ({
  queues: [
    ...[taskQueues.groups, taskQueues.upkeep, taskQueues.delivery, taskQueues.statements, taskQueues.archive],
    ...networks.map(taskQueues.rail),
  ],
  runs: {
    sweep: Math.max(lateMs, 2.25 * sweepEveryMs),
    hold_expiry: Math.max(lateMs, 2.25 * sweepEveryMs),
    statements: Math.max(lateMs, 2.25 * statementsEveryMs),
    archive: Math.max(lateMs, 2.25 * archiveEveryMs),
    ...Object.fromEntries(['book', ...networks].map((rail) => [`dispatch/${rail}`, lateMs])),
  },
});
