import type { VersioningBehavior } from '@temporalio/common';
import { taskQueues, type workflowTypes } from './names.ts';
import type { Waits } from './waits.ts';

/** A build of the workers, by the names that Temporal has for it. */
export type WorkerVersion = { deploymentName: string; buildId: string };

/** The queues whose workers have a version: those with workflows. A rail's workers have none. */
export const versionedQueues = [
  taskQueues.groups,
  taskQueues.upkeep,
  taskQueues.delivery,
  taskQueues.statements,
  taskQueues.archive,
] as const;

/**
 * Which version of the workers carries on a run of each workflow (docs/adr/0058).
 *
 * `PINNED`: the one that it began with. For what lives minutes under an id of its own, so that nothing ever waits for its end; what it
 * leaves behind is a row, which the sweep finds.
 * `AUTO_UPGRADE`: the current one, so that a bad release is left behind at once, and an old one needs no workers for months. For what lives
 * long, and for whatever has a fixed id: a pinned sweep whose version has no worker would keep the next one from starting.
 */
export const versioningBehaviors = {
  transferGroup: 'PINNED',
  dueGroup: 'PINNED',
  inquiry: 'AUTO_UPGRADE',
  dispatch: 'AUTO_UPGRADE',
  delivery: 'AUTO_UPGRADE',
  sweep: 'AUTO_UPGRADE',
  housekeeping: 'AUTO_UPGRADE',
  statementRuns: 'AUTO_UPGRADE',
  statementRun: 'AUTO_UPGRADE',
  archiving: 'AUTO_UPGRADE',
} as const satisfies Record<keyof typeof workflowTypes, VersioningBehavior>;

/**
 * How long a version must be kept after it got its last run, in milliseconds: a group that cannot reserve gives up after the first of
 * them, and six rounds on a rail are more than one has.
 */
export const drainMs = ({ reserveGiveUpMs, submitMaxMs }: Pick<Waits, 'reserveGiveUpMs' | 'submitMaxMs'>): number =>
  reserveGiveUpMs + 6 * submitMaxMs;
