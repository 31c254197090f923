import type { Figure } from '../alarm-spec.ts';
import type { Watched } from '../watched.ts';
import type { Graph } from './board.ts';

/** Postgres and the cache. */
export function databaseGraphs({ database, cacheNodes }: Watched): Graph[] {
  const ofInstances = (name: string, statistic: string): Readonly<Record<string, Figure>> =>
    Object.fromEntries(
      database.instances.map(({ id, identifier }) => [
        id,
        { namespace: 'AWS/RDS', name, dimensions: { DBInstanceIdentifier: identifier }, statistic },
      ]),
    );
  const ofNodes = (name: string): Readonly<Record<string, Figure>> =>
    Object.fromEntries(
      cacheNodes.map((node, index) => [
        `cache ${index + 1}`,
        { namespace: 'AWS/ElastiCache', name, dimensions: { CacheClusterId: node }, statistic: 'Average' },
      ]),
    );
  const ofCluster = (name: string, statistic: string): Readonly<Record<string, Figure>> =>
    database.aurora === null
      ? {}
      : { cluster: { namespace: 'AWS/RDS', name, dimensions: { DBClusterIdentifier: database.aurora }, statistic } };
  return [
    { title: 'Processor (%)', curves: ofInstances('CPUUtilization', 'Average') },
    { title: 'Connections', curves: ofInstances('DatabaseConnections', 'Maximum') },
    { title: 'Memory that is free (bytes)', curves: ofInstances('FreeableMemory', 'Minimum') },
    {
      title: 'Storage that is free (bytes)',
      curves: ofInstances(database.aurora === null ? 'FreeStorageSpace' : 'FreeLocalStorage', 'Minimum'),
    },
    { title: 'Processor credits', curves: ofInstances('CPUCreditBalance', 'Minimum') },
    { title: 'Time of a commit (ms)', curves: ofInstances('CommitLatency', 'Average') },
    { title: 'Reads a second', curves: ofInstances('ReadIOPS', 'Average') },
    { title: 'Writes a second', curves: ofInstances('WriteIOPS', 'Average') },
    { title: 'Lag of the readers (ms)', curves: ofCluster('AuroraReplicaLagMaximum', 'Maximum') },
    { title: 'Volume (bytes)', curves: ofCluster('VolumeBytesUsed', 'Average'), periodSeconds: 3_600 },
    { title: 'Cache: processor (%)', curves: ofNodes('EngineCPUUtilization') },
    { title: 'Cache: memory (%)', curves: ofNodes('DatabaseMemoryUsagePercentage') },
  ].filter(({ curves }) => Object.keys(curves).length > 0);
}
