import { hostname } from 'node:os';
import type { DataConverter } from '@temporalio/common';
import {
  type NativeConnection,
  Worker,
  type WorkerInterceptors,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { ActivitiesByRole } from '../activities/index.ts';
import type { RailRole, WorkerRole } from '../config/variables.ts';
import type { NetworkName, Rail, Rails } from '../domain/rail.ts';
import { taskQueues } from '../workflows/contract/names.ts';
import type { WorkerVersion } from '../workflows/contract/versioning.ts';

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
type Role = (activities: ActivitiesByRole) => Served;

/**
 * What a process of each role serves, and how much concurrently. A role is a task queue: its steps, and where it has any,
 * its workflows. Caches are small, because they count workflows, not bytes.
 */
const roleTable: Record<Exclude<WorkerRole, 'all' | RailRole>, Role> = {
  groups: ({ groups }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.groups,
    activities: groups,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 100,
    maxConcurrentActivityTaskExecutions: 50,
    maxCachedWorkflows: 500,
    // Most groups end after one task, so few tasks return to the worker of the task before.
    nonStickyToStickyPollRatio: 0.5,
  }),
  upkeep: ({ upkeep }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.upkeep,
    activities: upkeep,
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
  statements: ({ statements }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.statements,
    activities: statements,
    maxConcurrentWorkflowTaskExecutions: 20,
    // Most of them wait for their turn; what is in flight is bounded where it is made.
    maxConcurrentActivityTaskExecutions: 1_000,
    maxCachedWorkflows: 300,
  }),
  archive: ({ archive }) => ({
    hasWorkflows: true,
    taskQueue: taskQueues.archive,
    activities: archive,
    // There is one segment after the other, so one run, and one of its steps.
    maxConcurrentWorkflowTaskExecutions: 2,
    maxConcurrentActivityTaskExecutions: 2,
    maxCachedWorkflows: 10,
  }),
};

/** Each rail has its own role and queue, so that one that hangs does not block the others. */
const railRole =
  (name: NetworkName): Role =>
  ({ rail }) => ({
    hasWorkflows: false,
    taskQueue: taskQueues.rail(name),
    activities: rail(name),
    // They wait for the network, not for us; the rail's semaphore bounds the requests.
    maxConcurrentActivityTaskExecutions: 1_000,
  });

const rolesOf = (rails: Rails): Record<string, Role> => ({
  ...roleTable,
  ...Object.fromEntries(Object.keys(rails).map((name) => [`rail:${name}`, railRole(name)])),
});

/** The rails that a process with these roles sends to. */
export const servedRails = (rails: Rails, roles: readonly WorkerRole[]): Rail[] =>
  Object.values(rails).filter(({ name }) => roles.includes('all') || roles.includes(`rail:${name}`));

/** After a worker was killed, its workflows wait this long before another takes them from the start. */
const stickyMs = 5_000;

/** A step that goes on after the time of grace is given up this much later: the server runs it again elsewhere. */
const forceMs = 10_000;

/**
 * A rail's worker has no version: it replays nothing, its steps take what each release writes (docs/how-to/change-a-workflow.md), and a
 * send must find a worker also while no version is current.
 */
const versioned = (version: WorkerVersion) => ({
  ...{ useWorkerVersioning: true as const, version },
  // Each workflow says its own (workflows/contract/versioning.ts).
  defaultVersioningBehavior: 'AUTO_UPGRADE' as const,
});

/** One Worker for each role that the process has, all on one connection and one bundle. */
export async function createWorkers({
  connection,
  namespace,
  roles,
  rails,
  activities,
  bundle,
  dataConverter,
  graceMs,
  interceptors,
  version = null,
}: {
  connection: NativeConnection;
  namespace: string;
  roles: readonly WorkerRole[];
  rails: Rails;
  activities: ActivitiesByRole;
  bundle: WorkflowBundleOption;
  dataConverter: DataConverter;
  /** How long running steps may continue after the worker was told to stop. */
  graceMs: number;
  interceptors: WorkerInterceptors;
  /** Null: these workers have none, and take what Temporal gives to no version. */
  version?: WorkerVersion | null;
}): Promise<Worker[]> {
  const wanted = new Set<string>(roles);
  const served = Object.entries(rolesOf(rails)).filter(([role]) => wanted.has('all') || wanted.has(role));
  return await Promise.all(
    served.map(([name, role]) => {
      const { hasWorkflows, ...options } = role(activities);
      return Worker.create({
        connection,
        namespace,
        // As Temporal's UI lists it: which process, and for what.
        identity: `${process.pid}@${hostname()} ${name}`,
        interceptors,
        dataConverter,
        ...options,
        ...(hasWorkflows && {
          ...{ workflowBundle: bundle, stickyQueueScheduleToStartTimeout: stickyMs },
          ...(version && { workerDeploymentOptions: versioned(version) }),
        }),
        shutdownGraceTime: graceMs,
        shutdownForceTime: graceMs + forceMs,
      });
    }),
  );
}
