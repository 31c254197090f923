import { type Deployment, deploymentSchema } from '../environment/deployment.ts';
import { buildOf } from './options.ts';
import { StepError } from './step-error.ts';

/** The live versions of an environment's workers, the newest first: the parameter `workers/versions`. */
export type WorkerVersions = Deployment['workerVersions'];

const schema = deploymentSchema.shape.workerVersions;

/** Reads the parameter. Null: no release was made by a pipeline yet. Throws for a text that is none of ours. */
export function readVersions(text: string | null): WorkerVersions | [] {
  if (text === null) return [];
  const read = schema.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new StepError(
    `The parameter workers/versions is damaged: ${read.error.message}. Repair it by the list of \`operator workers list\`.`,
  );
}

/**
 * A release joins: beside the current version it ramps, and the first of all is current at once. One that is live already keeps its place. Throws
 * for a fifth: every version costs two services.
 */
export function join(versions: WorkerVersions | [], imageDigest: string): WorkerVersions {
  if (versions.some((version) => version.imageDigest === imageDigest)) return versions;
  const joined = {
    build: buildOf(imageDigest),
    imageDigest,
    state: versions.length === 0 ? 'current' : 'ramping',
  } as const;
  // An earlier release that never came to its end makes room.
  const others = versions.map((version) =>
    version.state === 'ramping' ? { ...version, state: 'draining' as const } : version,
  );
  if (others.length >= 4)
    throw new StepError(
      `Four versions of the workers are live: ${others.map(({ build }) => build).join(', ')}. Remove what has drained (workflow Nightly), then run the release again.`,
    );
  return [joined, ...others];
}

/** A release has all new work: the versions beside it finish what is pinned to them. Throws when it is not live. */
export function giveAll(versions: WorkerVersions | [], imageDigest: string): WorkerVersions | [] {
  if (!versions.some((version) => version.imageDigest === imageDigest))
    throw new StepError(
      `The workers of ${buildOf(imageDigest)} are not live, so they cannot be current: they join first.`,
    );
  return versions.map((version) => ({
    ...version,
    state: version.imageDigest === imageDigest ? 'current' : 'draining',
  }));
}

/** A version is gone. */
export const remove = (versions: WorkerVersions | [], build: string): WorkerVersions | [] =>
  versions.filter((version) => version.build !== build || version.state === 'current');
