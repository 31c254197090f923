import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { type DeploymentRow, readDeployment, type VersionRow } from '../../activities/versions/deployment.ts';
import { ExplainedError } from '../../config/explain-error.ts';
import { versionedQueues } from '../../workflows/contract/versioning.ts';

/** A call for work waits a minute for it, so a worker that is there was seen within this, in milliseconds. */
const seenMaxMs = 90_000;

/** The workers of one build: how many of them ask each queue for work. A queue that none asks is left out. */
export type Pollers = Readonly<Record<string, number>>;

/** The versions of a deployment. Throws an explained error when no worker of it ever asked for work. */
export async function versionsOf(client: Client, deploymentName: string): Promise<DeploymentRow> {
  const found = await readDeployment(client, deploymentName);
  if (!found)
    throw new ExplainedError(
      `Temporal knows no workers of "${deploymentName}": start some with WORKER_BUILD_ID, or correct WORKER_DEPLOYMENT and TEMPORAL_NAMESPACE.`,
    );
  return found;
}

/** One of them by its build. Throws an explained error that names those that there are. */
export function versionNamed({ versions }: DeploymentRow, build: string): VersionRow {
  const found = versions.find((version) => version.build === build);
  if (found) return found;
  const known = versions.map((version) => version.build).join(', ');
  throw new ExplainedError(`There is no version "${build}": no worker of it ever asked for work. There are ${known}.`);
}

/** Who asks for work now, by build. */
export async function pollersByBuild({ connection, options }: Client): Promise<Map<string, Pollers>> {
  const { namespace } = options;
  const found = new Map<string, Record<string, number>>();
  for (const name of versionedQueues) {
    // Of a queue's two kinds of tasks, those of workflows: each worker asks for both.
    const answer = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name } });
    for (const { deploymentOptions, lastAccessTime } of answer.pollers ?? []) {
      const build = deploymentOptions?.buildId ?? '';
      if (Date.now() - (optionalTsToMs(lastAccessTime) ?? 0) > seenMaxMs) continue;
      const queues = found.get(build) ?? {};
      queues[name] = (queues[name] ?? 0) + 1;
      found.set(build, queues);
    }
  }
  return found;
}

/** How many runs are open that only this version may carry on. */
export async function openPinned(client: Client, deploymentName: string, build: string): Promise<number> {
  const { count } = await client.workflow.count(
    `TemporalWorkerDeploymentVersion = '${deploymentName}:${build}' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`,
  );
  return count;
}

/** Throws an explained error when a version has no worker on some queue of the platform: its work would wait there. */
export async function refuseMissingWorkers(client: Client, build: string): Promise<void> {
  const queues = (await pollersByBuild(client)).get(build) ?? {};
  const missing = versionedQueues.filter((queue) => !queues[queue]);
  if (missing.length === 0) return;
  throw new ExplainedError(
    `Nothing was changed: "${build}" has no worker on ${missing.join(', ')}. Start its workers of these roles, or wait until they are up, then try again.`,
  );
}
