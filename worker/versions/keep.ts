import type { Client } from '@temporalio/client';
import { type DeploymentRow, readDeployment } from '../../activities/versions/deployment.ts';
import type { Log } from '../../config/log.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import { limits } from '../../telemetry/monitor/judge.ts';
import { buildsAt } from '../../telemetry/monitor/versions.ts';
import { drainMs, versionedQueues, type WorkerVersion } from '../../workflows/contract/versioning.ts';
import type { Waits } from '../../workflows/contract/waits.ts';

/** Temporal looks three minutes after a version got its last run, and each three minutes after that, whether it is drained. */
const temporalLooksMs = 360_000;

export type KeepDeps = {
  client: Client;
  version: WorkerVersion;
  /** How long ago the workers of each queue said that they are there, by the ledger. */
  readPresence: () => Promise<Readonly<Record<string, number | null>>>;
  waits: Waits;
  alarms: Alarms;
  log: Pick<Log, 'info'>;
  /** Milliseconds since 1970, where it is not the clock's time. */
  nowMs?: number;
};

/**
 * Looks after the versions of the workers, each minute: the first one is made current, and one that drains for too long is an alarm.
 *
 * First means that Temporal never gave work to any version, and that the ledger knows of no worker of another one, nor of one without a
 * version: a new platform, or a Temporal that lost its data. Then nobody else can carry on what is open, and without this every new transfer
 * would be refused until a person looks. In every other case a person decides (docs/runbooks/release-workers.md). Throws when Temporal or the
 * ledger does not answer.
 */
export async function keepVersions(deps: KeepDeps): Promise<void> {
  const { client, version, waits, alarms, nowMs = Date.now() } = deps;
  const deployment = await readDeployment(client, version.deploymentName);
  if (isUnused(deployment, version) && (await isAlone(deps))) await makeFirst(deps, deployment);
  const bound = drainMs(waits) + temporalLooksMs;
  for (const { build, state, leftAt } of deployment?.versions ?? []) {
    const forMs = leftAt === null ? 0 : nowMs - leftAt.getTime();
    if (state === 'draining' && forMs > bound) alarms.raise('version_drains_long', { build, forMs }, build);
  }
}

/** Whether no version ever got work, and there is no other one than this. */
const isUnused = (deployment: DeploymentRow | null, { buildId }: WorkerVersion): boolean =>
  (deployment?.versions ?? []).every(({ build, state }) => build === buildId && state === 'inactive');

async function isAlone({ readPresence, version }: KeepDeps): Promise<boolean> {
  const present = await readPresence();
  return versionedQueues.every((queue) =>
    buildsAt(queue, present, limits.workerGoneMs).every((build) => build === version.buildId),
  );
}

/** Its workers ask for work only after this, so that a new platform takes transfers from its first second. */
async function makeFirst({ client, version, log }: KeepDeps, deployment: DeploymentRow | null): Promise<void> {
  const { namespace, identity } = client.options;
  await client.connection.workflowService.setWorkerDeploymentCurrentVersion({
    ...{ namespace, identity, ...version, allowNoPollers: true },
    // Of several processes that start at once, one is first.
    ...(deployment && { conflictToken: deployment.token }),
  });
  log.info({ build: version.buildId }, 'the first version of the workers is current');
}
