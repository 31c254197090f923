import type { Deployment } from '../environment/deployment.ts';

/** A version of the workers that is alive, as far as its number of tasks is concerned. */
export type LiveVersion = Pick<Deployment['workerVersions'][number], 'state'>;

/**
 * How many tasks a version has. The one that ramps up begins with one and may grow to half; one that drains finishes what is pinned to it
 * and needs no more than one.
 */
export function versionTasks(
  { min, max }: { min: number; max: number },
  state: LiveVersion['state'],
): { min: number; max: number } {
  if (state === 'current') return { min, max };
  if (state === 'ramping') return { min: 1, max: Math.max(1, Math.floor(max / 2)) };
  return { min: 1, max: 1 };
}

/**
 * What a program says to Temporal that its version is: of its image, and not the name under which it is deployed, because a name can be given
 * to another image. Both kinds of worker of a release say the same.
 */
export const buildIdOf = (imageDigest: string): string => imageDigest.slice('sha256:'.length).slice(0, 12);
