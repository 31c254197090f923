import type { Figure } from '../alarm-spec.ts';
import type { Watched } from '../watched.ts';
import type { Graph } from './board.ts';

/** Bills are measured in this region only, four times a day. */
const billingRegion = 'us-east-1';

const services = ['AmazonECS', 'AmazonRDS', 'AmazonElastiCache', 'AmazonVPC', 'AmazonCloudWatch', 'AmazonS3'];

const charges = (dimensions: Readonly<Record<string, string>>): Figure => ({
  namespace: 'AWS/Billing',
  name: 'EstimatedCharges',
  dimensions: { Currency: 'USD', ...dimensions },
  statistic: 'Maximum',
});

/** What the month has cost so far, and what is used for it. */
export const costGraphs = ({ balancer, cluster, programs }: Watched): Graph[] => [
  { title: 'This month (USD)', curves: { all: charges({}) }, region: billingRegion, periodSeconds: 21_600 },
  {
    title: 'This month by service (USD)',
    curves: Object.fromEntries(services.map((ServiceName) => [ServiceName, charges({ ServiceName })])),
    region: billingRegion,
    periodSeconds: 21_600,
  },
  {
    title: 'Tasks that run',
    curves: Object.fromEntries(
      programs.map(({ id, name }) => [
        id,
        {
          namespace: 'ECS/ContainerInsights',
          name: 'RunningTaskCount',
          dimensions: { ClusterName: cluster, ServiceName: name },
          statistic: 'Average',
        },
      ]),
    ),
    periodSeconds: 300,
  },
  {
    title: 'Capacity units of the balancer',
    curves: {
      units: {
        namespace: 'AWS/ApplicationELB',
        name: 'ConsumedLCUs',
        dimensions: { LoadBalancer: balancer },
        statistic: 'Average',
      },
    },
    periodSeconds: 300,
  },
];
