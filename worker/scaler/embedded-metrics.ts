import type { Backlog } from './measure.ts';

/** The metrics of CloudWatch that workers are scaled by, with their units there. infra/observability/names.ts has the first two. */
const metrics = [
  ['TaskQueueBacklog', 'Count'],
  ['TaskQueueBacklogAge', 'Seconds'],
  ['TaskQueueAddRate', 'Count/Second'],
  ['TaskQueueDispatchRate', 'Count/Second'],
  ['TaskQueueRateLimited', 'None'],
] as const;

/**
 * The fields of a log line of which CloudWatch makes metrics by itself: its Embedded Metric Format, in `namespace`, with the dimension
 * `service`. `at` is the time of the measurement, in milliseconds of the epoch.
 */
export const embeddedMetrics = (
  kind: string,
  backlog: Backlog,
  { namespace, at }: { namespace: string; at: number },
) => ({
  _aws: {
    Timestamp: at,
    CloudWatchMetrics: [
      {
        Namespace: namespace,
        Dimensions: [['service']],
        Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
      },
    ],
  },
  service: kind,
  ...valuesOf(backlog),
});

const valuesOf = (backlog: Backlog): Record<(typeof metrics)[number][0], number> => ({
  TaskQueueBacklog: backlog.count,
  TaskQueueBacklogAge: backlog.ageSeconds,
  TaskQueueAddRate: backlog.addRate,
  TaskQueueDispatchRate: backlog.dispatchRate,
  TaskQueueRateLimited: backlog.isRateLimited ? 1 : 0,
});
