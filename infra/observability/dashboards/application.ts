import type { EnvironmentName } from '../../environment/schema.ts';
import type { Figure } from '../alarm-spec.ts';
import { backlogMetrics, loggedMetrics, namespaceOf } from '../names.ts';
import type { Watched } from '../watched.ts';
import type { Graph } from './board.ts';

/** What clients get, what the programs do, and what waits. */
export const applicationGraphs = (environment: EnvironmentName, watched: Watched): Graph[] => [
  ...clientGraphs(watched),
  ...workGraphs(environment),
];

function clientGraphs({ balancer: LoadBalancer, blue, green, cluster, programs }: Watched): Graph[] {
  const elb = (name: string, statistic: string, more: Readonly<Record<string, string>> = {}): Figure => ({
    namespace: 'AWS/ApplicationELB',
    name,
    dimensions: { LoadBalancer, ...more },
    statistic,
  });
  const ofPrograms = (name: string): Readonly<Record<string, Figure>> =>
    Object.fromEntries(
      programs.map(({ id, name: program }) => [
        id,
        {
          namespace: 'AWS/ECS',
          name,
          dimensions: { ClusterName: cluster, ServiceName: program },
          statistic: 'Average',
        },
      ]),
    );
  return [
    { title: 'Requests', curves: { requests: elb('RequestCount', 'Sum') } },
    {
      title: 'Time of answers (s)',
      curves: {
        median: elb('TargetResponseTime', 'p50'),
        p95: elb('TargetResponseTime', 'p95'),
        p99: elb('TargetResponseTime', 'p99'),
      },
    },
    {
      title: 'Errors of ours',
      curves: {
        balancer: elb('HTTPCode_ELB_5XX_Count', 'Sum'),
        blue: elb('HTTPCode_Target_5XX_Count', 'Sum', { TargetGroup: blue }),
        green: elb('HTTPCode_Target_5XX_Count', 'Sum', { TargetGroup: green }),
      },
    },
    { title: 'Processor (%)', curves: ofPrograms('CPUUtilization') },
    { title: 'Memory (%)', curves: ofPrograms('MemoryUtilization') },
    {
      title: 'Healthy tasks of the API',
      curves: {
        blue: elb('HealthyHostCount', 'Minimum', { TargetGroup: blue }),
        green: elb('HealthyHostCount', 'Minimum', { TargetGroup: green }),
      },
    },
  ];
}

function workGraphs(environment: EnvironmentName): Graph[] {
  const ours = (name: string, statistic: string, dimensions: Readonly<Record<string, string>> = {}): Figure => ({
    namespace: namespaceOf(environment),
    name,
    dimensions,
    statistic,
  });
  return [
    { title: 'Sends', curves: { sends: ours('quittance_sends_total', 'Sum') } },
    {
      title: 'Tasks that wait for workers',
      curves: {
        transfers: ours(backlogMetrics.count, 'Maximum', { service: 'transfers' }),
        records: ours(backlogMetrics.count, 'Maximum', { service: 'records' }),
      },
    },
    {
      title: 'How late (s)',
      curves: {
        transfers: ours('quittance_transfers_oldest_overdue_seconds', 'Maximum'),
        notices: ours('quittance_notices_oldest_due_seconds', 'Maximum'),
        archive: ours('quittance_archive_oldest_seconds', 'Maximum'),
        tasks: ours(backlogMetrics.ageSeconds, 'Maximum', { service: 'transfers' }),
      },
    },
    { title: 'Answers 401', curves: { refused: ours(loggedMetrics.refusedSignIns, 'Sum') } },
    {
      title: 'Errors of what programs stand on',
      curves: {
        database: ours('quittance_database_errors_total', 'Sum'),
        cache: ours('quittance_redis_errors_total', 'Sum'),
      },
    },
    { title: 'Rails that are down', curves: { breakers: ours('quittance_rail_breaker_open', 'Maximum') } },
  ];
}
