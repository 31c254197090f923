import { type AlarmSpec, figure } from './alarm-spec.ts';
import type { Watched, WatchedInstance } from './watched.ts';

const rds = 'AWS/RDS';
const gib = 1_024 ** 3;

/** Postgres and the cache: requirement 001's figures, requirement 002's lag, and what ends slowly. */
export const databaseAlarms = (watched: Watched): AlarmSpec[] => [
  ...watched.database.instances.flatMap((instance) => ofInstance(instance, watched.database.maxConnections)),
  ...(watched.database.aurora === null ? [] : ofAurora(watched.database.aurora)),
  ...watched.cacheNodes.flatMap(ofCacheNode),
];

function ofInstance({ id, identifier, storageGiB, instance }: WatchedInstance, maxConnections: number): AlarmSpec[] {
  const dimensions = { DBInstanceIdentifier: identifier };
  const local = storageGiB === null;
  return [
    {
      id: `${id}-cpu`,
      severity: 'critical',
      says: `${id} uses more than 85 % of its processor for five minutes.`,
      measured: figure(rds, 'CPUUtilization', dimensions, 'Average'),
      is: '>',
      threshold: 85,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    {
      id: `${id}-storage`,
      severity: 'critical',
      says: local
        ? `Less than 10 % of the local storage of ${id} is free: sorts and temporary tables fail without it.`
        : `Less than 10 % of the storage of ${id} is free. Without any it takes no writes.`,
      measured: figure(rds, local ? 'FreeLocalStorage' : 'FreeStorageSpace', dimensions, 'Minimum'),
      is: '<',
      threshold: Math.round((storageGiB ?? localStorageGiB(instance)) * gib * 0.1),
      periodSeconds: 300,
      periods: 1,
      whenMissing: 'fine',
    },
    {
      id: `${id}-connections`,
      severity: 'warning',
      says: `More than 80 % of the connections that ${id} allows are open: see the budget of connections.`,
      measured: figure(rds, 'DatabaseConnections', dimensions, 'Maximum'),
      is: '>',
      threshold: Math.floor(maxConnections * 0.8),
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    ...ofCredits(id, dimensions),
  ];
}

/** A burstable class has so much processor, and pays for more. */
const ofCredits = (id: string, dimensions: Readonly<Record<string, string>>): AlarmSpec[] => [
  {
    id: `${id}-credits`,
    severity: 'warning',
    says: `${id} has few processor credits left: it is used more than its class of server is for.`,
    measured: figure(rds, 'CPUCreditBalance', dimensions, 'Minimum'),
    is: '<',
    threshold: 30,
    periodSeconds: 300,
    periods: 3,
    whenMissing: 'fine',
  },
  {
    id: `${id}-credits-charged`,
    severity: 'warning',
    says: `${id} pays for processor beyond its credits: a larger class is cheaper.`,
    measured: figure(rds, 'CPUSurplusCreditsCharged', dimensions, 'Maximum'),
    is: '>',
    threshold: 0,
    periodSeconds: 300,
    periods: 3,
    whenMissing: 'fine',
  },
];

const ofAurora = (cluster: string): AlarmSpec[] => [
  {
    id: 'database-replica-lag',
    severity: 'warning',
    says: 'A reader is more than a second behind the writer for five minutes. Clients read what they wrote all the same.',
    measured: figure(rds, 'AuroraReplicaLagMaximum', { DBClusterIdentifier: cluster }, 'Maximum'),
    is: '>',
    threshold: 1_000,
    periodSeconds: 60,
    periods: 5,
    whenMissing: 'fine',
  },
  {
    id: 'database-transaction-ids',
    severity: 'warning',
    says: 'Half of the transaction ids are used: VACUUM does not keep up. At their end Postgres takes no writes.',
    measured: figure(rds, 'MaximumUsedTransactionIDs', { DBClusterIdentifier: cluster }, 'Maximum'),
    is: '>',
    threshold: 1_000_000_000,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
];

function ofCacheNode(node: string, index: number): AlarmSpec[] {
  const dimensions = { CacheClusterId: node };
  return [
    {
      id: `cache-${index + 1}-cpu`,
      severity: 'warning',
      says: 'The cache uses more than 80 % of its one thread for five minutes: limits and sessions wait.',
      measured: figure('AWS/ElastiCache', 'EngineCPUUtilization', dimensions, 'Average'),
      is: '>',
      threshold: 80,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    {
      id: `cache-${index + 1}-memory`,
      severity: 'warning',
      says: 'The cache uses more than 80 % of its memory for five minutes: it soon throws away what is in use.',
      measured: figure('AWS/ElastiCache', 'DatabaseMemoryUsagePercentage', dimensions, 'Maximum'),
      is: '>',
      threshold: 80,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
  ];
}

/** What Aurora keeps on a server of a class itself, for sorts and temporary tables. Throws for a class that stands not here. */
function localStorageGiB(instance: string): number {
  const found = localStorage[instance];
  if (found === undefined)
    throw new Error(`Write the local storage of ${instance} into observability/database-alarms.ts.`);
  return found;
}

const localStorage: Readonly<Record<string, number>> = {
  't3.medium': 7.5,
  't4g.medium': 8.13,
  't4g.large': 16.26,
  'r6g.large': 32,
  'r7g.large': 32,
  'r7g.xlarge': 80,
};
