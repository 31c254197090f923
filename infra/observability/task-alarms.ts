import { type AlarmSpec, figure } from './alarm-spec.ts';
import type { Watched } from './watched.ts';

/** Each program as ECS sees it: requirement 001's figures, and that it is there at all. */
export const taskAlarms = ({ cluster, programs }: Watched): AlarmSpec[] =>
  programs.flatMap(({ id, name, tasksMin }): AlarmSpec[] => {
    const dimensions = { ClusterName: cluster, ServiceName: name };
    return [
      {
        id: `${id}-cpu`,
        severity: 'critical',
        says: `The tasks of ${id} use more than 90 % of their processor for five minutes, with as many tasks as there may be.`,
        measured: figure('AWS/ECS', 'CPUUtilization', dimensions, 'Average'),
        is: '>',
        threshold: 90,
        periodSeconds: 60,
        periods: 5,
        whenMissing: 'fine',
      },
      {
        id: `${id}-memory`,
        severity: 'warning',
        says: `The tasks of ${id} use more than 80 % of their memory for five minutes.`,
        measured: figure('AWS/ECS', 'MemoryUtilization', dimensions, 'Average'),
        is: '>',
        threshold: 80,
        periodSeconds: 60,
        periods: 5,
        whenMissing: 'fine',
      },
      {
        id: `${id}-tasks`,
        severity: 'critical',
        says: `Fewer than ${tasksMin} tasks of ${id} run for five minutes: they do not start, or end at once.`,
        measured: figure('ECS/ContainerInsights', 'RunningTaskCount', dimensions, 'Minimum'),
        is: '<',
        threshold: tasksMin,
        periodSeconds: 60,
        periods: 5,
        whenMissing: 'alarm',
        onlyAwake: true,
      },
    ];
  });
