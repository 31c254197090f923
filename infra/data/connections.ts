import { apiPools, workerPools } from '../../config/pool-limits.ts';
import type { Environment } from '../environment/schema.ts';
import { allInOneConnections } from '../temporal/sizes.ts';
import { workerKinds, workerRoles } from '../workers/kinds.ts';
import { type LiveVersion, versionTasks } from '../workers/versions.ts';

/** Who holds connections to the writer, and how many at most. */
export type Connections = Readonly<Record<'api' | 'workers' | 'operators' | 'migration' | 'temporal', number>>;

/** People with a program of theirs (each has one connection), and the one migration. */
const operators = 3;
const migration = 1;

/**
 * The most connections to the writer that there can be in two moments of a release, which the pipeline keeps apart: while the API's tasks
 * are replaced, and while a version of the workers takes over from another.
 */
export function connectionsOf(environment: Environment, versions: readonly LiveVersion[]) {
  const { api, temporal } = environment;
  const fixed = { operators, migration, temporal: temporal.mode === 'all-in-one' ? allInOneConnections : 0 };
  const apiTasks = api.tasks.max * apiPools(api.pool.writer).connections.primary;
  const isRamping = versions.some(({ state }) => state === 'ramping');
  const afterwards: LiveVersion[] = isRamping ? [...versions] : [...versions, { state: 'ramping' }];
  return {
    // Both sets of tasks stand until the new one has proved itself.
    whileApiIsReplaced: { ...fixed, api: apiTasks * 2, workers: ofWorkers(environment, versions) },
    whileWorkersAreReplaced: { ...fixed, api: apiTasks, workers: ofWorkers(environment, afterwards) },
  } satisfies Record<string, Connections>;
}

/** Every live version of each kind of worker is a service of its own, whose tasks are ended before others start. */
function ofWorkers({ workers }: Environment, versions: readonly LiveVersion[]): number {
  const each = workerKinds.map((kind) => ({
    tasks: workers[kind].tasks,
    connections: workerPools(workers[kind].pool, workerRoles[kind]).connections,
  }));
  return sum(
    versions.flatMap(({ state }) => each.map(({ tasks, connections }) => versionTasks(tasks, state).max * connections)),
  );
}

/** Connections of one task of the API to the readers: as many as it reads with, and one that looks how far they are. */
export const readerPoolOf = ({ api }: Environment): number => apiPools(api.pool.writer).connections.standby;

/** Connections of the API's tasks to readers, while they are replaced. In the worst case all go to the same one. */
export const readerConnectionsOf = (environment: Environment): number =>
  environment.api.pool.reader === 0 ? 0 : environment.api.tasks.max * readerPoolOf(environment) * 2;

/** What may be used: the rest is for the server itself, for monitoring, and for what was forgotten here. */
export const usableConnections = ({ database }: Environment): number => Math.floor(database.maxConnections * 0.8);

export const total = (connections: Connections): number => sum(Object.values(connections));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
