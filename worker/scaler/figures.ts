import { Counter, Gauge, type Registry } from 'prom-client';
import type { Backlog } from './measure.ts';
import type { Figures } from './rounds.ts';

/** The figures as metrics of the scaler's page. One that could not be measured is not there. */
export function createFigures(registry: Registry): Figures {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  const ofQueue = (name: string, help: string) => gauge(`quittance_task_queue_${name}`, help, ['queue', 'type']);
  const ofKind = (name: string, help: string) => gauge(`quittance_service_${name}`, help, ['service']);
  const queueGauges: Gauges = [
    [ofQueue('backlog', 'Tasks of a queue that wait for a worker.'), ({ count }) => count],
    [ofQueue('backlog_age_seconds', 'How old the oldest of them is.'), ({ ageSeconds }) => ageSeconds],
  ];
  const kindGauges: Gauges = [
    [ofKind('backlog', 'Tasks that wait for a kind of worker, in all its queues.'), ({ count }) => count],
    [ofKind('backlog_age_seconds', 'How old the oldest of them is.'), ({ ageSeconds }) => ageSeconds],
    [ofKind('tasks_added_rate', 'Tasks a second that came.'), ({ addRate }) => addRate],
    [ofKind('tasks_dispatched_rate', 'Tasks a second that workers took.'), ({ dispatchRate }) => dispatchRate],
    [ofKind('rate_limited', '1 while a rate limit holds tasks back.'), ({ isRateLimited }) => Number(isRateLimited)],
  ];
  const failures = new Counter({
    name: 'quittance_scaler_failures_total',
    help: 'Task queues that could not be measured.',
    labelNames: ['queue'],
    registers,
  });
  return {
    setQueue: (queue, type, backlog) => put(queueGauges, { queue, type }, backlog),
    setKind: (kind, backlog) => put(kindGauges, { service: kind }, backlog),
    countMissed: (queue) => failures.inc({ queue }),
  };
}

type Gauges = readonly [Gauge, (backlog: Backlog) => number][];

function put(gauges: Gauges, labels: Record<string, string>, backlog: Backlog | null): void {
  for (const [gauge, read] of gauges) {
    if (backlog === null) gauge.remove(labels);
    else gauge.set(labels, read(backlog));
  }
}
