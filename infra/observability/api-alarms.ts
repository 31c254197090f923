import { type AlarmSpec, type Figure, figure } from './alarm-spec.ts';
import { releaseAlarms } from './names.ts';
import type { Watched } from './watched.ts';

const elb = 'AWS/ApplicationELB';

/** The API as its balancer sees it: requirement 001's thresholds, and requirement 002's p95 and rate of errors. */
export const apiAlarms = (watched: Watched): AlarmSpec[] => [
  ...errorAlarms(watched),
  ...healthAlarms(watched),
  ...timeAlarms(watched),
  {
    id: 'balancer-certificate',
    severity: 'warning',
    says: 'The certificate of the balancer ends in less than 30 days: its renewal fails, and then CloudFront no longer reaches the API. Is its DNS record still there?',
    measured: figure('AWS/CertificateManager', 'DaysToExpiry', { CertificateArn: watched.certificate }, 'Minimum'),
    is: '<',
    threshold: 30,
    periodSeconds: 86_400,
    periods: 1,
    whenMissing: 'fine',
  },
];

const errorAlarms = ({ balancer, blue, green }: Watched): AlarmSpec[] => [
  {
    id: releaseAlarms.balancerErrors,
    severity: 'critical',
    says: 'The balancer itself answers 5xx more than ten times in a minute: it has no task, or tasks do not answer in time.',
    measured: figure(elb, 'HTTPCode_ELB_5XX_Count', { LoadBalancer: balancer }, 'Sum'),
    is: '>',
    threshold: 10,
    periodSeconds: 60,
    periods: 1,
    whenMissing: 'fine',
  },
  ...[
    { id: releaseAlarms.errorsBlue, group: blue, name: 'blue' },
    { id: releaseAlarms.errorsGreen, group: green, name: 'green' },
  ].map(
    ({ id, group, name }): AlarmSpec => ({
      id,
      severity: 'critical',
      says: `Tasks of the API (${name}) answer 5xx more than ten times in a minute. Its log has each with its code.`,
      measured: figure(elb, 'HTTPCode_Target_5XX_Count', { LoadBalancer: balancer, TargetGroup: group }, 'Sum'),
      is: '>',
      threshold: 10,
      periodSeconds: 60,
      periods: 1,
      whenMissing: 'fine',
    }),
  ),
  {
    id: 'api-error-rate',
    severity: 'critical',
    says: 'More than one answer in a hundred is an error of ours, for five minutes with at least 100 requests.',
    measured: {
      formula: 'IF(requests >= 100, 100 * (FILL(theirs, 0) + FILL(ours, 0)) / requests, 0)',
      of: {
        requests: sum(balancer, 'RequestCount'),
        theirs: sum(balancer, 'HTTPCode_ELB_5XX_Count'),
        ours: sum(balancer, 'HTTPCode_Target_5XX_Count'),
      },
    },
    is: '>',
    threshold: 1,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
];

const healthAlarms = ({ balancer, blue, green }: Watched): AlarmSpec[] => [
  ...[
    { id: releaseAlarms.unhealthyBlue, group: blue, name: 'blue' },
    { id: releaseAlarms.unhealthyGreen, group: green, name: 'green' },
  ].map(
    ({ id, group, name }): AlarmSpec => ({
      id,
      severity: 'warning',
      says: `A task of the API (${name}) fails its health check for three minutes in a row.`,
      measured: figure(elb, 'UnHealthyHostCount', { LoadBalancer: balancer, TargetGroup: group }, 'Maximum'),
      is: '>',
      threshold: 0,
      periodSeconds: 60,
      periods: 3,
      whenMissing: 'fine',
    }),
  ),
  {
    id: 'api-no-task',
    severity: 'critical',
    says: 'No task of the API is healthy: nobody is served.',
    measured: {
      formula: 'FILL(blue, 0) + FILL(green, 0)',
      of: { blue: healthy(balancer, blue), green: healthy(balancer, green) },
    },
    is: '<',
    threshold: 1,
    periodSeconds: 60,
    periods: 2,
    whenMissing: 'alarm',
    onlyAwake: true,
  },
];

const timeAlarms = ({ balancer }: Watched): AlarmSpec[] => [
  {
    id: releaseAlarms.slow,
    severity: 'warning',
    says: 'One answer in a hundred takes longer than two seconds, in three of five minutes.',
    measured: figure(elb, 'TargetResponseTime', { LoadBalancer: balancer }, 'p99'),
    is: '>',
    threshold: 2,
    periodSeconds: 60,
    periods: 5,
    beyond: 3,
    whenMissing: 'fine',
  },
  {
    id: 'api-p95',
    severity: 'warning',
    says: 'One answer in twenty takes longer than a second, in three of five minutes.',
    measured: figure(elb, 'TargetResponseTime', { LoadBalancer: balancer }, 'p95'),
    is: '>',
    threshold: 1,
    periodSeconds: 60,
    periods: 5,
    beyond: 3,
    whenMissing: 'fine',
  },
];

const healthy = (balancer: string, group: string): Figure => ({
  namespace: elb,
  name: 'HealthyHostCount',
  dimensions: { LoadBalancer: balancer, TargetGroup: group },
  statistic: 'Minimum',
});

const sum = (balancer: string, name: string): Figure => ({
  namespace: elb,
  name,
  dimensions: { LoadBalancer: balancer },
  statistic: 'Sum',
});
