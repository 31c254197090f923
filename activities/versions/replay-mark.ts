import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkerVersion } from '../../workflows/contract/versioning.ts';

/** What the replay gate found for a version: when (milliseconds since 1970), how many runs, how many of them its code would stop. */
export type ReplayMark = { at: number; replayed: number; stopped: number };

const entry = 'replayed';

/** Writes it beside the version, where Temporal shows it. Throws when Temporal knows no such version, because no worker of it has asked for work yet. */
export async function writeReplayMark(client: Client, version: WorkerVersion, mark: ReplayMark): Promise<void> {
  const { namespace, identity } = client.options;
  await client.connection.workflowService.updateWorkerDeploymentVersionMetadata({
    ...{ namespace, identity, deploymentVersion: version },
    upsertEntries: { [entry]: defaultPayloadConverter.toPayload(mark) },
  });
}

/** Null when the gate was never run for this version. Throws when Temporal does not answer or knows no such version. */
export async function readReplayMark(client: Client, version: WorkerVersion): Promise<ReplayMark | null> {
  const { namespace } = client.options;
  const { workerDeploymentVersionInfo } = await client.connection.workflowService.describeWorkerDeploymentVersion({
    ...{ namespace, deploymentVersion: version },
  });
  const payload = workerDeploymentVersionInfo?.metadata?.entries?.[entry];
  const mark: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : null;
  return isMark(mark) ? mark : null;
}

const isMark = (value: unknown): value is ReplayMark =>
  typeof value === 'object' &&
  value !== null &&
  ['at', 'replayed', 'stopped'].every((name) => typeof Reflect.get(value, name) === 'number');
