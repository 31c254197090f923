import {
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { ActivitiesByRole } from '../activities/index.ts';
import type { WorkerRole } from '../config/variables.ts';
import { taskQueues } from '../workflows/contract/names.ts';

type Served = Pick<
  WorkerOptions,
  | 'taskQueue'
  | 'activities'
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentLocalActivityExecutions'
  | 'maxConcurrentWorkflowTaskExecutions'
  | 'maxCachedWorkflows'
  | 'nonStickyToStickyPollRatio'
> & { hasWorkflows: boolean };
type OneRole = Exclude<WorkerRole, 'all'>;

/**
 * What a process of each role serves, and how much of it at once. A role is a task queue: its steps, and where it has any,
 * its workflows. Caches are small, because they count workflows, not bytes.
 */
const roleTable: Record<OneRole, (activities: ActivitiesByRole) => Served> = {
  groups: ({ groups }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.groups,
    activities: groups,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 100,
    maxConcurrentActivityTaskExecutions: 50,
    maxCachedWorkflows: 500,
    // Most groups are over after one task, so few tasks come to the worker that had the one before.
    nonStickyToStickyPollRatio: 0.5,
  }),
  'rail:instant': ({ rail }) => ({
    hasWorkflows: false,
    taskQueue: taskQueues.rail('instant'),
    activities: rail('instant'),
    // They wait for the bank, not for us; how many requests run at once is the rail's room.
    maxConcurrentActivityTaskExecutions: 1_000,
  }),
  follow: ({ follow }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.follow,
    activities: follow,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentActivityTaskExecutions: 20,
    maxCachedWorkflows: 300,
  }),
  delivery: ({ delivery }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.delivery,
    activities: delivery,
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentActivityTaskExecutions: 200,
    maxCachedWorkflows: 300,
  }),
};

const everyRole = Object.keys(roleTable).filter((role): role is OneRole => role in roleTable);

/** After a worker was killed, its workflows wait this long before another takes them from the start. */
const stickyMs = 5_000;

/** One Worker for each role that the process has, all on one connection and one bundle. */
export async function createWorkers({
  connection,
  namespace,
  roles,
  activities,
  bundle,
  graceMs,
  interceptors,
}: {
  connection: NativeConnection;
  namespace: string;
  roles: readonly WorkerRole[];
  activities: ActivitiesByRole;
  bundle: WorkflowBundleOption;
  /** How long steps that run may go on after the worker was told to stop. */
  graceMs: number;
  interceptors: WorkerInterceptors;
}): Promise<Worker[]> {
  const served = everyRole.filter((role) => roles.includes('all') || roles.includes(role));
  return await Promise.all(
    served.map((role) => {
      const { hasWorkflows, ...options } = roleTable[role](activities);
      return Worker.create({
        connection,
        namespace,
        interceptors,
        ...options,
        ...(hasWorkflows && { workflowBundle: bundle, stickyQueueScheduleToStartTimeout: stickyMs }),
        shutdownGraceTime: graceMs,
      });
    }),
  );
}
