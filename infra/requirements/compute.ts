import { createHash } from 'node:crypto';
import {
  apiSizes,
  attributesOf,
  ruleType,
  scalingOf,
  scalingsOf,
  sealOfRules,
  serviceType,
  stepProblems,
  targetGroupType,
  workerFamilies,
} from './compute-parts.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { programOf, tasksOf } from './tasks.ts';

/** Programs, the balancer before them, and how a release takes over. */
export const computeRows: readonly Row[] = [
  {
    id: 'compute/fargate',
    source: ['000', '001', '004'],
    requirement: 'the back end on several machines that are replaced by themselves when they fail',
    answer: 'Fargate in place of machines: nothing to patch, and each task is a revision that cannot change. On ARM.',
    check: (synthesised) => [
      ...tasksOf(synthesised).flatMap(({ id, properties }) =>
        expected(id, properties, {
          NetworkMode: 'awsvpc',
          RequiresCompatibilities: ['FARGATE'],
          RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
        }),
      ),
      ...['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::LaunchTemplate', 'AWS::EC2::Instance'].flatMap((type) =>
        synthesised.resources('*', type).map(({ id }) => `${id} is a machine`),
      ),
    ],
  },
  {
    id: 'compute/api-size',
    source: ['001'],
    requirement: 'the API with 0.25, 0.5, 1 core and 512 MB, 1 GB, 2 GB',
    answer: 'As asked.',
    check: (synthesised) => {
      const { min: _min, max: _max, ...size } = apiSizes[synthesised.environment.name];
      return expected('the task', programOf(synthesised, 'api').task.properties, size);
    },
  },
  {
    id: 'compute/api-count',
    source: ['001'],
    requirement: 'one to two tasks in development, two to four in staging, three to ten in production',
    answer: 'As asked. The number is the scaling’s alone.',
    check: (synthesised) => {
      const { min, max } = apiSizes[synthesised.environment.name];
      return expected('the scaling', scalingOf(synthesised, 'api').properties, { MinCapacity: min, MaxCapacity: max });
    },
  },
  {
    id: 'compute/no-desired-count',
    source: ['001'],
    requirement: 'automatic scaling that a deployment does not undo',
    answer: 'No service says how many tasks it has, and each has a scaling that does.',
    check: (synthesised) =>
      synthesised
        .resources('*', serviceType)
        .flatMap(({ id, properties }) => [
          ...('DesiredCount' in properties ? [`${id} says how many tasks it has`] : []),
          ...(scalingsOf(synthesised, textAt(properties, 'ServiceName')).length === 1 ? [] : [`${id} has no scaling`]),
        ]),
  },
  {
    id: 'compute/scaling-cpu',
    source: ['001'],
    requirement:
      'development and staging keep 80 % and 70 % of the processor; production adds a task above 70 % for two minutes, and takes one away below 30 % for five',
    answer: 'As asked: in production an alarm for each direction, of one-minute figures.',
    check: (synthesised) => {
      const { name } = synthesised.environment;
      if (name === 'production')
        return [
          ...stepProblems(synthesised, {
            threshold: 70,
            minutes: 2,
            comparison: 'GreaterThanThreshold',
            adjustment: 1,
          }),
          ...stepProblems(synthesised, { threshold: 30, minutes: 5, comparison: 'LessThanThreshold', adjustment: -1 }),
        ];
      const policy = synthesised.only('Api', 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        },
      });
      return expected(
        'the percentage',
        at(policy.properties, 'TargetTrackingScalingPolicyConfiguration', 'TargetValue'),
        {
          development: 80,
          staging: 70,
        }[name],
      );
    },
  },
  {
    id: 'compute/scaling-requests',
    source: ['platform'],
    requirement: 'scaling that a release does not mislead',
    answer:
      'Besides by requests of each task of both sets: while a release runs the mean processor counts both and halves.',
    check: (synthesised) => {
      const policy = synthesised.only('Api', 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyName: 'requests-per-task',
      });
      const place = ['TargetTrackingScalingPolicyConfiguration', 'CustomizedMetricSpecification', 'Metrics'];
      const metrics = listAt(policy.properties, ...place);
      const groups = metrics.flatMap((metric) =>
        listAt(metric, 'MetricStat', 'Metric', 'Dimensions').map((dimension) => textAt(dimension, 'Value')),
      );
      return [
        ...expected('sets of tasks that are counted', groups.length, 2),
        ...(metrics.some((metric) => textAt(metric, 'Expression') === 'FILL(blue, 0) + FILL(green, 0)')
          ? []
          : ['the two are not added up']),
      ];
    },
  },
  {
    id: 'compute/target-groups',
    source: ['000', '001', '003'],
    requirement: 'health checks of `/health` each 30 s with 5 s to answer, two good or two bad ones to decide',
    answer:
      'As asked, for both sets of tasks. `/health` fails when the database does, and not for a cache or a reader.',
    check: (synthesised) => {
      const groups = synthesised.resources('Ingress', targetGroupType);
      return [
        ...expected('sets of tasks', groups.length, 2),
        ...groups.flatMap(({ id, properties }) =>
          expected(id, properties, {
            Port: 3001,
            TargetType: 'ip',
            HealthCheckEnabled: true,
            HealthCheckPath: '/health',
            HealthCheckIntervalSeconds: 30,
            HealthCheckTimeoutSeconds: 5,
            HealthyThresholdCount: 2,
            UnhealthyThresholdCount: 2,
            Matcher: { HttpCode: '200' },
          }),
        ),
      ];
    },
  },
  {
    id: 'compute/container-health',
    source: ['001'],
    requirement: '`/ping` says that a program lives',
    answer: 'Asked by the container itself; workers and the simulator are asked in the same way.',
    check: (synthesised) => {
      const urls = {
        api: ':3001/ping',
        ...Object.fromEntries(workerFamilies(synthesised).map((name) => [name, ':9465/health'])),
      };
      return Object.entries(urls).flatMap(([family, url]) => {
        const command = listAt(programOf(synthesised, family).definition, 'HealthCheck', 'Command').map(String);
        return command.join(' ').includes(url) ? [] : [`${family} does not ask ${url}`];
      });
    },
  },
  {
    id: 'compute/no-stickiness',
    source: ['001'],
    requirement: 'sessions that stay with one server are possible',
    answer:
      'Not wanted: a task keeps nothing of a client, so any task answers; a client that sticks to a task would defeat the weights of a canary.',
    check: ({ resources }) =>
      resources('Ingress', targetGroupType).flatMap(({ id, properties }) =>
        expected(
          `${id} sticks`,
          attributesOf(properties, 'TargetGroupAttributes')['stickiness.enabled'] ?? 'false',
          'false',
        ),
      ),
  },
  {
    id: 'compute/balancer',
    source: ['001', '003', '004'],
    requirement: 'a load balancer over the zones',
    answer:
      'Internal, behind CloudFront: it has no public address. It drops what is not exactly HTTP, writes access logs, and cannot be deleted by mistake.',
    check: (synthesised) => {
      const balancer = synthesised.only('Ingress', 'AWS::ElasticLoadBalancingV2::LoadBalancer');
      const attributes = attributesOf(balancer.properties, 'LoadBalancerAttributes');
      const isKept = synthesised.environment.name !== 'development';
      return [
        ...expected('its scheme', at(balancer.properties, 'Scheme'), 'internal'),
        ...expected(
          'its subnets are private',
          listAt(balancer.properties, 'Subnets').map((subnet) => /private/i.test(String(subnet))),
          [true, true],
        ),
        ...Object.entries({
          'deletion_protection.enabled': String(isKept),
          'routing.http.drop_invalid_header_fields.enabled': 'true',
          'routing.http.desync_mitigation_mode': 'strictest',
          'access_logs.s3.enabled': 'true',
          'load_balancing.cross_zone.enabled': 'true',
        }).flatMap(([attribute, value]) => expected(attribute, attributes[attribute], value)),
      ];
    },
  },
  {
    id: 'compute/listeners',
    source: ['001', '003'],
    requirement: 'HTTPS at the load balancer, and HTTP led to it',
    answer:
      'TLS 1.2 and 1.3 with a certificate of the API’s name on 443 for clients and on 8443 for the test of a release; there is no port 80: CloudFront leads people to HTTPS. Both only forward, because next to an action of another kind ECS cannot shift traffic.',
    check: ({ resources }) => {
      const listeners = resources('Ingress', 'AWS::ElasticLoadBalancingV2::Listener');
      const acts = [
        ...listeners.flatMap(({ properties }) => listAt(properties, 'DefaultActions')),
        ...resources('Ingress', ruleType).flatMap(({ properties }) => listAt(properties, 'Actions')),
      ];
      return [
        ...expected('ports', listeners.map(({ properties }) => at(properties, 'Port') ?? null).toSorted(), [443, 8443]),
        ...listeners.flatMap(({ id, properties }) => [
          ...expected(id, properties, { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-PQ-2025-09' }),
          ...expected(`certificates of ${id}`, listAt(properties, 'Certificates').length, 1),
        ]),
        ...acts.filter((act) => textAt(act, 'Type') !== 'forward').map((act) => `an action is ${JSON.stringify(act)}`),
      ];
    },
  },
  {
    id: 'compute/frozen-rules',
    source: ['platform'],
    requirement: 'a deployment of infrastructure never moves clients between sets of tasks',
    answer:
      'The rules with the weights stand in a stack of their own and are sealed: CloudFormation writes the weights of a rule again whenever it changes (aws/aws-cdk#36649). Who changes them does so while no release runs, and changes the seal.',
    check: ({ resources }) => {
      const rules = resources('Ingress', ruleType).map(({ id, properties: { Tags: _tags, ...properties } }) =>
        JSON.stringify([id, properties]),
      );
      const seal = createHash('sha256').update(rules.toSorted().join('\n')).digest('hex').slice(0, 16);
      return expected('the seal', seal, sealOfRules);
    },
  },
  {
    id: 'compute/balancer-to-task',
    source: ['003', '004'],
    requirement: 'encryption everywhere, also from the load balancer to the task',
    answer:
      'The hop is plain HTTP within one subnet tier, from the balancer’s group to the API’s and nobody else’s. The hardware of AWS encrypts it between machines (Nitro), which a control on the VPC watches; a certificate in each task would be one more secret and, as a balancer does not verify it, no proof.',
    check: ({ resources, only }) => [
      ...resources('Ingress', targetGroupType).flatMap(({ id, properties }) =>
        expected(id, at(properties, 'Protocol'), 'HTTP'),
      ),
      ...expected('the watch', at(only('Network', 'AWS::EC2::VPCEncryptionControl').properties, 'Mode'), 'monitor'),
    ],
  },
  {
    id: 'compute/placement',
    source: ['001', '003'],
    requirement: 'tasks in private subnets of two zones, without a public address, on the latest platform',
    answer: 'As asked; after the loss of a zone ECS spreads tasks again wherever there is room for one more.',
    check: ({ resources }) =>
      resources('*', serviceType).flatMap(({ id, properties }) => {
        const max = Number(at(properties, 'DeploymentConfiguration', 'MaximumPercent'));
        return [
          ...expected(id, properties, {
            NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
            PlatformVersion: 'LATEST',
            AvailabilityZoneRebalancing: max > 100 ? 'ENABLED' : 'DISABLED',
          }),
          ...expected(
            `subnets of ${id}`,
            listAt(properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets').map((subnet) =>
              /private/i.test(String(subnet)),
            ),
            [true, true],
          ),
        ];
      }),
  },
  {
    id: 'compute/cluster',
    source: ['001', '003'],
    requirement: 'an ECS cluster with container insights',
    answer: 'As asked; in production for each task and container.',
    check: ({ environment, only }) =>
      expected('the cluster', only('Cluster', 'AWS::ECS::Cluster').properties, {
        ClusterName: `quittance-${environment.name}`,
        ClusterSettings: [
          { Name: 'containerInsights', Value: environment.name === 'production' ? 'enhanced' : 'enabled' },
        ],
      }),
  },
];
