import { tiers } from '../network/addresses.ts';
import { expected, textAt } from './json.ts';
import {
  blockOf,
  defaultRouteOf,
  endpointProblems,
  forcesTls,
  gatewayProblems,
  routeProblems,
  subnetsOf,
} from './network-parts.ts';
import { rulesOf } from './network-rules.ts';
import type { Row } from './row.ts';

/** The network: addresses, ways in and out, who may connect to whom. */
export const networkRows: readonly Row[] = [
  {
    id: 'network/cidr',
    source: ['001'],
    requirement:
      'VPC 10.0, 10.1 or 10.2.0.0/16; public subnets 10.X.1.0/24 and 10.X.2.0/24, private 10.X.11.0/24 and 10.X.12.0/24',
    answer:
      'Exactly these, by an allocation of our own, and two more, 10.X.21.0/24 and 10.X.22.0/24, for databases, which have no way out.',
    check: (synthesised) => {
      const { environment, only } = synthesised;
      const { block } = environment.network;
      const subnets = Object.keys(tiers)
        .flatMap((tier) => subnetsOf(synthesised, tier).map(blockOf))
        .toSorted();
      return [
        ...expected('the VPC', blockOf(only('Network', 'AWS::EC2::VPC')), `10.${block}.0.0/16`),
        ...expected('its block', block, { development: 0, staging: 1, production: 2 }[environment.name]),
        ...expected('subnets', subnets, [1, 11, 12, 2, 21, 22].map((third) => `10.${block}.${third}.0/24`).toSorted()),
      ];
    },
  },
  {
    id: 'network/zones',
    source: ['001'],
    requirement: 'two availability zones in each environment, and each tier in both',
    answer: 'Two named zones of the region: the synthesis asks no account for them.',
    check: (synthesised) =>
      Object.keys(tiers).flatMap((tier) =>
        expected(
          `zones of ${tier}`,
          subnetsOf(synthesised, tier)
            .map(({ properties }) => textAt(properties, 'AvailabilityZone'))
            .toSorted(),
          [...synthesised.deployment.zones].toSorted(),
        ),
      ),
  },
  {
    id: 'network/tiers',
    source: ['001', '004'],
    requirement:
      'public subnets with a route to the internet, private ones for tasks, an internet gateway and route tables',
    answer:
      'Public subnets hold NAT gateways only, the balancer being internal; private ones reach out through NAT; those of the data lead nowhere.',
    check: (synthesised) => [
      ...routeProblems(synthesised, 'public', /InternetGateway|IGW/i),
      ...routeProblems(synthesised, 'private', /NATGateway/i),
      ...subnetsOf(synthesised, 'data')
        .filter((subnet) => defaultRouteOf(synthesised, subnet) !== undefined)
        .map(({ id }) => `${id} of the data has a way out`),
    ],
  },
  {
    id: 'network/nat',
    source: ['000', '001', '003', '004'],
    requirement: 'NAT gateways for the way out: one, one and two, as the cost table of requirement 001 has it',
    answer: 'As many; production has one in each zone, so that the loss of a zone takes no way out of the other.',
    check: (synthesised) => {
      const { environment, resources } = synthesised;
      const count = resources('Network', 'AWS::EC2::NatGateway').length;
      return [
        ...expected('NAT gateways', count, { development: 1, staging: 1, production: 2 }[environment.name]),
        ...gatewayProblems(synthesised),
      ];
    },
  },
  {
    id: 'network/endpoints',
    source: ['003'],
    requirement: 'endpoints in the VPC for ecr.api and ecr.dkr',
    answer:
      'These, and S3, without which no layer of an image arrives; staging and production have one for each of ten services that programs call. Each of the ten lets only this account in, with a list of actions. What may be asked of S3 is in the snapshots and not read here.',
    check: (synthesised) => endpointProblems(synthesised),
  },
  {
    id: 'network/flow-logs',
    source: ['004'],
    requirement: 'flow logs of the VPC',
    answer:
      'All traffic, each minute, for a year, into an encrypted log group; production writes them to a bucket too, for questions over months.',
    check: ({ environment, only, resources, target }) => {
      const logs = resources('Network', 'AWS::EC2::FlowLog');
      const [toLogs] = logs.filter(({ properties }) => properties['LogDestinationType'] === 'cloud-watch-logs');
      const group = target(toLogs?.properties['LogGroupName']);
      const vpc = only('Network', 'AWS::EC2::VPC').id;
      return [
        ...expected('destinations', logs.map(({ properties }) => textAt(properties, 'LogDestinationType')).toSorted(), [
          'cloud-watch-logs',
          ...(environment.name === 'production' ? ['s3'] : []),
        ]),
        ...logs.flatMap(({ id, properties }) =>
          expected(id, properties, {
            ResourceId: `\${Network.${vpc}}`,
            TrafficType: 'ALL',
            MaxAggregationInterval: 60,
          }),
        ),
        ...expected('the log group', group?.properties['RetentionInDays'], 365),
        ...(textAt(group?.properties ?? {}, 'KmsKeyId').includes('Security.')
          ? []
          : ['its log group has no key of ours']),
      ];
    },
  },
  {
    id: 'network/security-groups',
    source: ['000', '001', '003', '004'],
    requirement:
      'a security group for each layer: the balancer reaches the API on 3001, the API the database on 5432 and everywhere on 443, and nothing leaves the database',
    answer:
      'Exactly these, and those of workers, operators, cache, Temporal and simulator, between groups and not between addresses. Requirement 003’s balancer, which may reach everything, is narrowed to the API.',
    check: (synthesised) => {
      const { ways, strays } = rulesOf(synthesised);
      return [
        ...strays.map((stray) => `${stray} is in no group of Network`),
        ...connections.filter((way) => !ways.includes(way)).map((way) => `missing: ${way}`),
        ...ways.filter((way) => !connections.includes(way)).map((way) => `not in the table: ${way}`),
      ];
    },
  },
  {
    id: 'network/both-ends',
    source: ['platform'],
    requirement: 'what one layer may reach, the other lets in: a rule has both its ends',
    answer: 'Both come from one table (network/rules.ts); neither side is left open to make a connection work.',
    check: (synthesised) => {
      const { out, into } = rulesOf(synthesised);
      const inner = (way: string): boolean => !way.includes('anywhere') && !way.includes('CloudFront');
      return [
        ...out.filter((way) => inner(way) && !into.includes(way)).map((way) => `only its way out: ${way}`),
        ...into.filter((way) => inner(way) && !out.includes(way)).map((way) => `only its way in: ${way}`),
      ];
    },
  },
  {
    id: 'network/balancer-behind-cloudfront',
    source: ['001', '003'],
    requirement:
      'the balancer takes 443, and 80 to redirect; CloudFront’s addresses as the list of who may (58 ranges by hand in requirement 003)',
    answer:
      'Stronger: AWS’s own list of CloudFront’s addresses on 443 and nothing on 80, because CloudFront redirects. The balancer has no public address, so only our own distribution’s private origin leads to it. Once that origin is there, the group that AWS makes for it takes the place of the list by a value of the deployment (privateOriginsGroup).',
    check: (synthesised) => {
      const { into } = rulesOf(synthesised);
      const ways = into.filter((way) => way.includes('→ balancer') && !way.startsWith('smoke'));
      return expected('ways to the balancer', ways, ['CloudFront → balancer:443']);
    },
  },
  {
    id: 'network/no-rules-elsewhere',
    source: ['platform'],
    requirement: 'one place says who may connect to whom',
    answer: 'Groups and rules are in Network only; other stacks import them and cannot add one.',
    check: ({ resources }) =>
      ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'].flatMap((type) =>
        resources('*', type)
          .filter(({ stack }) => stack !== 'Network')
          .map(({ stack, id }) => `${stack}.${id} is a ${type}`),
      ),
  },
  {
    id: 'network/default-group',
    source: ['platform'],
    requirement: 'the group that AWS makes in each VPC lets nobody reach anybody',
    answer: 'Its rules are taken away when the VPC is made.',
    check: (synthesised) => {
      const closing = synthesised.resources('Network', 'Custom::VpcRestrictDefaultSG');
      const vpc = synthesised.only('Network', 'AWS::EC2::VPC').id;
      return expected(
        'closing of the default group',
        closing.map(({ properties }) => properties['DefaultSecurityGroupId'] ?? null),
        [`\${Network.${vpc}.DefaultSecurityGroup}`],
      );
    },
  },
  {
    id: 'network/encrypted-on-the-way',
    source: ['003', '004'],
    requirement: 'encryption everywhere: from CloudFront to the balancer, to the database, the cache and the buckets',
    answer:
      'HTTPS at the balancer (requirement 003 has HTTP there), and TLS forced by the database and by the cache. Buckets have rows of their own: all refuse what comes without TLS (exposure/no-public-bucket), those of objects below 1.2 too (objects/private). The VPC reports where it is not encrypted.',
    check: ({ resources, only }) => [
      ...resources('*', 'AWS::ElasticLoadBalancingV2::Listener')
        .filter(({ properties }) => properties['Protocol'] !== 'HTTPS')
        .map(({ stack, id }) => `${stack}.${id} listens without TLS`),
      ...resources('*', 'AWS::ElastiCache::ReplicationGroup').flatMap(({ id, properties }) =>
        expected(id, properties, { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' }),
      ),
      ...forcesTls(
        resources('Data', 'AWS::RDS::DBParameterGroup'),
        resources('Data', 'AWS::RDS::DBClusterParameterGroup'),
      ),
      ...expected('the VPC', only('Network', 'AWS::EC2::VPCEncryptionControl').properties, { Mode: 'monitor' }),
    ],
  },
  {
    id: 'network/internal-names',
    source: ['004'],
    requirement: 'internal DNS for the back end',
    answer:
      'A private name for what tasks look for, known in this VPC only; requirement 004’s public names are the edge’s.',
    check: ({ resources }) =>
      resources('*', 'AWS::ServiceDiscovery::PrivateDnsNamespace').length > 0 ? [] : ['there is no private namespace'],
  },
];

/** Requirement 001's table, and what the platform has besides. Stated twice on purpose: here is what was reviewed. */
const running = [
  ...['api', 'codecServer', 'migration', 'operator', 'scaler', 'simulator', 'smoke'],
  ...['temporal', 'temporalUi', 'worker'],
];
const connections = [
  'CloudFront → balancer:443',
  'balancer → api:3001',
  'smoke → balancer:8443',
  'api → database:5432',
  'worker → database:5432',
  'migration → database:5432',
  'operator → database:5432',
  'temporal → database:5432',
  'temporal → temporalDatabase:5432',
  'api → cache:6379',
  'worker → cache:6379',
  'api → temporal:7233',
  'worker → temporal:7233',
  'operator → temporal:7233',
  'scaler → temporal:7233',
  'temporalUi → temporal:7233',
  'temporal → temporal:7233-7239',
  'temporal → temporal:6933-6939',
  'worker → simulator:4010',
  'operator → simulator:4010',
  ...running.flatMap((from) => [`${from} → endpoints:443`, `${from} → anywhere:443`]),
];
