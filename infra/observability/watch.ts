import type { DatabaseMetrics } from '../data/database.ts';
import type { Place } from '../environment/place.ts';
import type { Environment } from '../environment/schema.ts';
import type { Watched, WatchedInstance, WatchedProgram } from './watched.ts';
import type { WatchedStacks } from './watched-stacks.ts';

/** The names of what is watched: the one place that knows both the stacks and what alarms need of them. */
export function watch(props: Place & WatchedStacks): Watched {
  const { environment, ingress, data, channels, identity } = props;
  return {
    balancer: ingress.balancer.loadBalancerFullName,
    certificate: ingress.certificate.certificateArn,
    blue: ingress.blue.targetGroupFullName,
    green: ingress.green.targetGroupFullName,
    cluster: props.api.service.cluster.clusterName,
    programs: programsOf(props),
    database: {
      instances: instancesOf(environment, data.database.metrics),
      aurora: data.database.metrics.engine === 'aurora' ? data.database.metrics.cluster : null,
      maxConnections: environment.database.maxConnections,
    },
    cacheNodes: Array.from(
      { length: environment.cache.nodes },
      (_, index) => `${data.cache.name}-${String(index + 1).padStart(3, '0')}`,
    ),
    receipts: { queue: channels.receipts.queueName, failed: channels.failedReceipts.queueName },
    people: { pool: identity.pool.userPoolId, client: identity.client.userPoolClientId },
    signInEvents: identity.signInEvents.ref,
  };
}

/** Every service of the environment: the API, each version of the worker, what scales them, what decrypts, Temporal's roles, the simulator. */
const programsOf = ({
  environment,
  api,
  workers,
  scaler,
  codecServer,
  temporal,
  simulator,
}: Place & WatchedStacks): WatchedProgram[] => [
  { id: 'api', name: api.service.serviceName, tasksMin: environment.api.tasks.min },
  ...workers.services.map(({ id, service, tasks }) => ({ id, name: service.serviceName, tasksMin: tasks.min })),
  ...Object.entries(temporal.services).map(([role, { service, count }]) => ({
    id: `temporal-${role}`,
    name: service.serviceName,
    tasksMin: count,
  })),
  { id: 'scaler', name: scaler.service.serviceName, tasksMin: 1 },
  ...(codecServer === null ? [] : [{ id: 'codec-server', name: codecServer.service.serviceName, tasksMin: 1 }]),
  ...(simulator === null ? [] : [{ id: 'simulator', name: simulator.service.serviceName, tasksMin: 1 }]),
];

function instancesOf({ database }: Environment, metrics: DatabaseMetrics): WatchedInstance[] {
  const { instance } = database;
  if (metrics.engine === 'rds')
    return [{ id: 'database', identifier: metrics.instance, storageGiB: metrics.storageGiB, instance }];
  return [
    { id: 'database-writer', identifier: metrics.writer, storageGiB: null, instance },
    ...metrics.readers.map((identifier, index) => ({
      id: `database-reader-${index + 1}`,
      identifier,
      storageGiB: null,
      instance,
    })),
  ];
}
