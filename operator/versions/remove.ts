import type { Client } from '@temporalio/client';
import { ExplainedError } from '../../config/explain-error.ts';
import { pollersByBuild, versionNamed, versionsOf } from './read.ts';

/** gRPC's code for what the state of things forbids. */
const failedPrecondition = 9;

/**
 * Removes a version that nobody needs: its runs have ended, it got the last of them `drainedForMs` ago, and its workers are stopped. Or one that
 * never got work. Throws an explained error otherwise, and changes nothing.
 */
export async function removeVersion(
  client: Client,
  { deploymentName, build, drainedForMs }: { deploymentName: string; build: string; drainedForMs: number },
): Promise<void> {
  const { state, leftAt } = versionNamed(await versionsOf(client, deploymentName), build);
  if (state !== 'drained' && state !== 'inactive')
    throw new ExplainedError(
      `Nothing was changed: "${build}" is ${state}, and is removed when it is drained. \`operator workers list\` shows its open groups.`,
    );
  const leftMs = leftAt === null ? 0 : Date.now() - leftAt.getTime();
  if (state === 'drained' && leftMs < drainedForMs)
    throw new ExplainedError(
      `Nothing was changed: "${build}" got work ${minutes(leftMs)} minutes ago, and is kept for ${minutes(drainedForMs)}. Try again then.`,
    );
  if ((await pollersByBuild(client)).has(build))
    throw new ExplainedError(
      `Nothing was changed: workers of "${build}" still ask for work. Stop them, and try again six minutes later.`,
    );
  const { namespace, identity } = client.options;
  await client.connection.workflowService
    .deleteWorkerDeploymentVersion({
      ...{ namespace, identity, deploymentVersion: { deploymentName, buildId: build } },
    })
    .catch((error: unknown) => {
      if (!isRefused(error)) throw error;
      throw new ExplainedError(
        `Nothing was changed: Temporal refuses to remove "${build}" (${error.message}). It remembers workers for five minutes after they stopped: try again then.`,
      );
    });
}

const minutes = (ms: number): number => Math.ceil(ms / 60_000);

const isRefused = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === failedPrecondition;
