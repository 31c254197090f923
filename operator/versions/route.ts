import type { Client } from '@temporalio/client';
import type { DeploymentRow, VersionRow } from '../../activities/versions/deployment.ts';
import { readReplayMark } from '../../activities/versions/replay-mark.ts';
import { ExplainedError } from '../../config/explain-error.ts';
import { refuseMissingWorkers, versionNamed, versionsOf } from './read.ts';

/** The replay gate is older than this, in milliseconds: other runs are open by now. */
const replayMaxMs = 24 * 60 * 60_000;

/** Which version, and why it needs no replay gate; null: it needs one. */
export type Routed = { client: Client; deploymentName: string; build: string; withoutReplay: string | null };

/**
 * Gives a version a share of the work: `percent` of new runs, and the runs that go with the current version, by their id. Throws an explained error,
 * and changes nothing, when it lacks workers or did not pass the replay gate.
 */
export async function ramp({ percent, ...routed }: Routed & { percent: number }): Promise<void> {
  const { client, deploymentName, build } = routed;
  const { token } = await examine(routed);
  await client.connection.workflowService.setWorkerDeploymentRampingVersion({
    ...of(client, deploymentName, token),
    ...{ buildId: build, percentage: percent },
  });
}

/** Gives a version all the work. Throws as {@link ramp} does. Returns which one had it before: itself, when nothing was to be done. */
export async function makeCurrent(routed: Routed): Promise<string | null> {
  const { client, deploymentName, build } = routed;
  if (currentOf((await versionsOf(client, deploymentName)).versions)?.build === build) return build;
  const { versions, token } = await examine(routed);
  await client.connection.workflowService.setWorkerDeploymentCurrentVersion({
    ...of(client, deploymentName, token),
    buildId: build,
  });
  return currentOf(versions)?.build ?? null;
}

/**
 * Takes the last step back: the share of the version that ramps up, else the work of the current one, which goes to the one before it.
 * Returns from which version, and to which. Throws an explained error when there is none to go back to, or its workers are gone.
 */
export async function rollBack(client: Client, deploymentName: string): Promise<{ from: string; to: string | null }> {
  const { versions, token } = await versionsOf(client, deploymentName);
  const { workflowService } = client.connection;
  const current = currentOf(versions);
  const ramping = versions.find(({ state }) => state === 'ramping');
  if (ramping) {
    await workflowService.setWorkerDeploymentRampingVersion({
      ...of(client, deploymentName, token),
      ...{ buildId: '', percentage: 0 },
    });
    return { from: ramping.build, to: current?.build ?? null };
  }
  const before = versions.filter((version) => version !== current && version.currentAt !== null).toSorted(lastFirst)[0];
  if (!current || !before)
    throw new ExplainedError(
      'Nothing was changed: there is no version that was current before. `operator workers list` shows those that there are.',
    );
  await refuseMissingWorkers(client, before.build);
  await workflowService.setWorkerDeploymentCurrentVersion({
    ...of(client, deploymentName, token),
    buildId: before.build,
  });
  return { from: current.build, to: before.build };
}

async function examine({ client, deploymentName, build, withoutReplay }: Routed): Promise<DeploymentRow> {
  const found = await versionsOf(client, deploymentName);
  if (versionNamed(found, build).state === 'current')
    throw new ExplainedError(`Nothing was changed: "${build}" is the current version.`);
  await refuseMissingWorkers(client, build);
  if (withoutReplay === null) await refuseUnreplayed(client, { deploymentName, buildId: build });
  return found;
}

async function refuseUnreplayed(client: Client, version: Parameters<typeof readReplayMark>[1]): Promise<void> {
  const mark = await readReplayMark(client, version);
  const isPassed = mark?.stopped === 0 && Date.now() - mark.at <= replayMaxMs;
  if (isPassed) return;
  const why =
    mark === null
      ? 'was not run'
      : mark.stopped > 0
        ? `found ${mark.stopped} runs that would stop`
        : 'is older than a day';
  throw new ExplainedError(
    `Nothing was changed: the replay gate of "${version.buildId}" ${why}. Run \`npm run replay\` with its code and WORKER_BUILD_ID=${version.buildId}, or say --without-replay "reason".`,
  );
}

/** What every change names. The token makes it fail when somebody else changed something meanwhile. */
const of = ({ options: { namespace, identity } }: Client, deploymentName: string, token: Uint8Array) => ({
  ...{ namespace, identity, deploymentName },
  conflictToken: token,
});

const currentOf = (versions: readonly VersionRow[]) => versions.find(({ state }) => state === 'current');
const lastFirst = (a: VersionRow, b: VersionRow) => Number(b.currentAt) - Number(a.currentAt);
