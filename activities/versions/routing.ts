import type { Client } from '@temporalio/client';
import { versionedQueues } from '../../workflows/contract/versioning.ts';

/** The builds that get work from a queue: the current one, and one that ramps up. Empty text: workers without a version. */
export type Routing = Readonly<Record<string, readonly string[]>>;

/** A slower answer counts as none, in milliseconds. */
const askMaxMs = 2_000;

/** Asks Temporal which versions get work from each queue that has workflows. Throws when it does not answer in time. */
export async function readRouting({ connection, options: { namespace } }: Client): Promise<Routing> {
  const ask = async (name: string): Promise<[string, string[]]> => {
    // Of a queue's two kinds of tasks, those of workflows: each worker asks for both.
    const answer = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name } });
    const versioning = answer.versioningInfo;
    const current = versioning?.currentDeploymentVersion?.buildId ?? '';
    const ramping = versioning?.rampingVersionPercentage ? versioning.rampingDeploymentVersion?.buildId : undefined;
    return [name, ramping ? [current, ramping] : [current]];
  };
  const answers = await connection.withDeadline(Date.now() + askMaxMs, () => Promise.all(versionedQueues.map(ask)));
  return Object.fromEntries(answers);
}
