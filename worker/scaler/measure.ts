import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { TaskQueueType, DescribeTaskQueueMode } = proto.temporal.api.enums.v1;

/** The two kinds of task that a queue has for us. */
const taskTypes = {
  workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
} as const;
export type TaskType = keyof typeof taskTypes;

/** What waits in a task queue, or in several. */
export type Backlog = {
  /** Tasks that wait for a worker. Tasks of sticky queues are not counted; they wait for a few seconds at most. */
  count: number;
  /** How old the oldest of them is, in seconds; 0 when none waits. */
  ageSeconds: number;
  /** Tasks a second that came, and that workers took, over the last half minute. */
  addRate: number;
  dispatchRate: number;
  /** Whether a rate limit holds tasks back, so that more workers would change nothing. Servers before 1.32 never say so. */
  isRateLimited: boolean;
};

/**
 * Asks Temporal what waits in one queue: with every version of workers, those that are pinned and drain among them, and in all partitions.
 * A queue that nobody ever used is empty. Throws when there is no answer within `withinMs`.
 */
export async function measureQueue(
  { connection, options: { namespace } }: Client,
  { queue, type, withinMs }: { queue: string; type: TaskType; withinMs: number },
): Promise<Backlog> {
  const { stats } = await connection.withDeadline(Date.now() + withinMs, () =>
    connection.workflowService.describeTaskQueue({
      ...{ namespace, taskQueue: { name: queue }, taskQueueType: taskTypes[type], reportStats: true },
      apiMode: DescribeTaskQueueMode.DESCRIBE_TASK_QUEUE_MODE_UNSPECIFIED,
    }),
  );
  // Servers before 1.25 leave it out. That is no figure, and none is not zero.
  if (!stats) throw new Error(`Temporal says nothing of what waits in the queue ${queue}: its server is too old`);
  return {
    count: Number(stats.approximateBacklogCount ?? 0),
    ageSeconds: Number(stats.approximateBacklogAge?.seconds ?? 0) + (stats.approximateBacklogAge?.nanos ?? 0) / 1e9,
    addRate: stats.tasksAddRate ?? 0,
    dispatchRate: stats.tasksDispatchRate ?? 0,
    isRateLimited: stats.rateLimitingActive ?? false,
  };
}

/** The backlog of several queues together: counts and rates add up, and the oldest is the oldest of all. */
export const sumOf = (all: readonly Backlog[]): Backlog => ({
  count: all.reduce((sum, { count }) => sum + count, 0),
  ageSeconds: Math.max(0, ...all.map(({ ageSeconds }) => ageSeconds)),
  addRate: all.reduce((sum, { addRate }) => sum + addRate, 0),
  dispatchRate: all.reduce((sum, { dispatchRate }) => sum + dispatchRate, 0),
  isRateLimited: all.some(({ isRateLimited }) => isRateLimited),
});
