import type { WorkerRole } from '../../config/variables.ts';
import { networkNames } from '../../rails/index.ts';
import { taskQueues } from '../../workflows/contract/names.ts';

/** Which roles of a worker run together in one kind of process, which is scaled as one. Each task queue is of one kind. */
export const workerKinds = {
  transfers: ['groups', ...networkNames.map((name) => `rail:${name}` as const), 'upkeep', 'delivery'],
  records: ['statements', 'archive'],
} as const satisfies Record<string, readonly Exclude<WorkerRole, 'all'>[]>;

export type WorkerKind = keyof typeof workerKinds;

const { rail, ...others } = taskQueues;
const queueOfRole: ReadonlyMap<string, string> = new Map([
  ...Object.entries(others),
  ...networkNames.map((name): [string, string] => [`rail:${name}`, rail(name)]),
]);

/** The task queues of a kind. */
export const queuesOf = (kind: WorkerKind): string[] =>
  workerKinds[kind].flatMap((role) => queueOfRole.get(role) ?? []);
