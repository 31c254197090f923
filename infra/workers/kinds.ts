import type { WorkerRole } from '../../config/variables.ts';

/** The kinds of worker, each a service: what moves money, and what makes documents of it, which may take all of a processor. */
export const workerKinds = ['transfers', 'records'] as const;
export type WorkerKind = (typeof workerKinds)[number];

/** The task queue of a role: a test compares them with the platform's. */
export const queueOf = (role: WorkerRole): string => role.replace(':', '-');

/** Which task queues each serves. Together they are all that the platform has: a test compares the two. */
export const workerRoles: Readonly<Record<WorkerKind, readonly WorkerRole[]>> = {
  transfers: ['groups', 'rail:instant', 'upkeep', 'delivery'],
  records: ['statements', 'archive'],
};
