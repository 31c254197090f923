import { type AlarmSpec, figure } from '../observability/alarm-spec.ts';

/** What the edge is measured by. CloudFront's and Route 53's figures are in the edge's region only. */
export type WatchedEdge = {
  distributionId: string;
  firewallMetric: string;
  healthCheckId: string;
  certificateArn: string;
};

/** Alarms of the edge, all of them to be acted on by somebody. */
export const edgeAlarms = (edge: WatchedEdge): AlarmSpec[] => [
  {
    id: 'edge-errors',
    severity: 'critical',
    says: 'More than 5 % of the answers at the edge are errors of ours: see whether the balancer or the console fails.',
    measured: figure(
      'AWS/CloudFront',
      '5xxErrorRate',
      { DistributionId: edge.distributionId, Region: 'Global' },
      'Average',
    ),
    is: '>',
    threshold: 5,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
  {
    id: 'edge-unreachable',
    severity: 'critical',
    says: 'The API is not reached from outside at /health: follow the way name, distribution, balancer, tasks.',
    measured: figure('AWS/Route53', 'HealthCheckStatus', { HealthCheckId: edge.healthCheckId }, 'Minimum'),
    is: '<',
    threshold: 1,
    periodSeconds: 60,
    periods: 2,
    whenMissing: 'alarm',
    onlyAwake: true,
  },
  {
    id: 'edge-blocked',
    severity: 'warning',
    says: 'The firewall refuses more than 1,000 requests in five minutes: an attack, or a rule that refuses customers.',
    measured: figure('AWS/WAFV2', 'BlockedRequests', { WebACL: edge.firewallMetric, Rule: 'ALL' }, 'Sum'),
    is: '>',
    threshold: 1_000,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
  {
    id: 'edge-certificate',
    severity: 'warning',
    says: 'The certificate ends in less than 30 days: its renewal fails. Is its DNS record still there?',
    measured: figure('AWS/CertificateManager', 'DaysToExpiry', { CertificateArn: edge.certificateArn }, 'Minimum'),
    is: '<',
    threshold: 30,
    periodSeconds: 86_400,
    periods: 1,
    whenMissing: 'fine',
  },
];
