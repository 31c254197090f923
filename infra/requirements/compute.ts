import { createHash } from 'node:crypto';
import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Resource, Synthesised } from './synthesised.ts';
import { containersOf, imageOf, ownContainersOf, programOf, settingsOf, tasksOf } from './tasks.ts';

/** Requirement 001's tasks: units of processor, MiB, and how many there are. */
const apiSizes = {
  development: { Cpu: '256', Memory: '512', min: 1, max: 2 },
  staging: { Cpu: '512', Memory: '1024', min: 2, max: 4 },
  production: { Cpu: '1024', Memory: '2048', min: 3, max: 10 },
} as const;

const serviceType = 'AWS::ECS::Service';

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
      'Not wanted: sessions are rows, so any task answers; a client that sticks to a task would defeat the weights of a canary.',
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
        ...expected('its subnets', listAt(balancer.properties, 'Subnets').length, 2),
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
  {
    id: 'compute/spot',
    source: ['001'],
    requirement: 'Spot in development and staging',
    answer:
      'API and workers, all but the first task of each; not Temporal’s servers, whose shards move with each that goes.',
    check: ({ environment, resources }) => {
      const wanted: Json =
        environment.name === 'production'
          ? [{ CapacityProvider: 'FARGATE', Weight: 1 }]
          : [
              { CapacityProvider: 'FARGATE', Base: 1, Weight: 1 },
              { CapacityProvider: 'FARGATE_SPOT', Weight: 4 },
            ];
      const own = [...resources('Api', serviceType), ...resources('Workers', serviceType)];
      const others = [...resources('Temporal', serviceType), ...resources('Simulator', serviceType)];
      return [
        ...own.flatMap(({ id, properties }) => expected(id, at(properties, 'CapacityProviderStrategy'), wanted)),
        ...others.flatMap(({ id, properties }) =>
          expected(id, at(properties, 'CapacityProviderStrategy'), [{ CapacityProvider: 'FARGATE', Weight: 1 }]),
        ),
      ];
    },
  },
  {
    id: 'compute/release-strategy',
    source: ['000', '001'],
    requirement: 'blue/green in production; canary as a later step',
    answer:
      'A canary is a blue/green release with a first step: both sets stand side by side, a tenth of the requests goes to the new one for ten minutes, then all, and the old set waits for another quarter of an hour. Staging moves all at once after its test, development task by task. ECS does it itself.',
    check: ({ environment, only }) => {
      const { properties } = only('Api', serviceType);
      const wanted: Record<string, Json> = {
        development: { Strategy: 'ROLLING' },
        staging: { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5 },
        production: {
          Strategy: 'CANARY',
          BakeTimeInMinutes: 15,
          CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 },
        },
      };
      const [balanced] = listAt(properties, 'LoadBalancers');
      const shifts = isObject(at(balanced, 'AdvancedConfiguration'));
      return [
        ...expected('the release', at(properties, 'DeploymentConfiguration'), wanted[environment.name] ?? null),
        ...expected('shifts traffic', shifts, environment.name !== 'development'),
      ];
    },
  },
  {
    id: 'compute/rollback',
    source: ['000', '001'],
    requirement: 'an automatic rollback',
    answer:
      'Every service goes back when its tasks do not come up. The API also when an alarm is raised: in production errors of balancer and tasks, slowness, unhealthy tasks, and the two that the ledger raises when its database refuses what does not balance.',
    check: ({ environment, resources }) =>
      resources('*', serviceType).flatMap(({ id, stack, properties }) => {
        const alarms = listAt(properties, 'DeploymentConfiguration', 'Alarms', 'AlarmNames').map(String);
        const fewest = { development: 2, staging: 3, production: 8 }[environment.name];
        return [
          ...expected(id, at(properties, 'DeploymentConfiguration', 'DeploymentCircuitBreaker'), {
            Enable: true,
            Rollback: true,
          }),
          ...(stack === 'Api'
            ? [
                ...(alarms.length >= fewest ? [] : [`${id} watches ${alarms.length} alarms`]),
                ...expected(`${id} goes back`, at(properties, 'DeploymentConfiguration', 'Alarms', 'Rollback'), true),
              ]
            : []),
        ];
      }),
  },
  {
    id: 'compute/rollback-alarms-exist',
    source: ['platform'],
    requirement: 'what a release is watched by is there',
    answer: 'Each alarm that the service names is made by Observability.',
    check: ({ resources, only }) => {
      const named = listAt(only('Api', serviceType).properties, 'DeploymentConfiguration', 'Alarms', 'AlarmNames');
      const made = new Set(
        resources('*', 'AWS::CloudWatch::Alarm').map(({ properties }) => textAt(properties, 'AlarmName')),
      );
      return named.filter((name) => !made.has(String(name))).map((name) => `there is no alarm ${String(name)}`);
    },
  },
  {
    id: 'compute/release-hooks',
    source: ['platform'],
    requirement: 'no release reaches clients untested, and none whose migrations were left out',
    answer:
      'Staging and production ask the new tasks on the test listener first, with the key of a tenant that exists for it; production lets in only signed images whose migrations were run.',
    check: ({ environment, only }) => {
      const hooks = listAt(only('Api', serviceType).properties, 'DeploymentConfiguration', 'LifecycleHooks');
      const wanted = {
        development: [],
        staging: ['POST_TEST_TRAFFIC_SHIFT'],
        production: ['PRE_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'],
      }[environment.name];
      return expected(
        'stages',
        hooks.flatMap((hook) => listAt(hook, 'LifecycleStages')),
        [...wanted],
      );
    },
  },
  {
    id: 'compute/images-by-digest',
    source: ['003'],
    requirement: 'the image of tag `latest`',
    answer: 'Every image by what is in it: a tag can move under a running service, a digest cannot.',
    check: (synthesised) =>
      containersOf(synthesised).flatMap((container) => {
        const image = imageOf(container);
        return /@sha256:[0-9a-f]{64}$/.test(image) ? [] : [`${container.name} runs ${image}`];
      }),
  },
  {
    id: 'compute/roles-apart',
    source: ['001', '003'],
    requirement: 'one role to start tasks, one for what they do, without wildcards',
    answer: 'Two roles for each program, of that program alone; only ECS of this account may take them on.',
    check: (synthesised) => {
      const roles = tasksOf(synthesised).flatMap(({ properties }) => [
        textAt(properties, 'ExecutionRoleArn'),
        textAt(properties, 'TaskRoleArn'),
      ]);
      return [
        ...expected('roles', new Set(roles).size, roles.length),
        ...roles.flatMap((arn) => {
          const role = synthesised.target(arn);
          const [trust] = listAt(role?.properties, 'AssumeRolePolicyDocument', 'Statement');
          return expected(`who takes ${arn} on`, trust, {
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': synthesised.deployment.account } },
          });
        }),
      ];
    },
  },
  {
    id: 'compute/settings-are-injected',
    source: ['001', '003'],
    requirement: 'secrets are given to a program when it starts, and settings stand in the parameter store',
    answer:
      'No container has a value in its definition: each setting is a parameter, each secret one of Secrets Manager. A parameter’s name ends in a hash of its value, so a rollback of tasks is a rollback of settings.',
    check: (synthesised) =>
      containersOf(synthesised).flatMap(({ name, definition }) => [
        ...listAt(definition, 'Environment').map((entry) => `${name} has ${textAt(entry, 'Name')} in its definition`),
        ...listAt(definition, 'Secrets')
          .filter((entry) => !isFromStore(synthesised, textAt(entry, 'ValueFrom')))
          .map((entry) => `${name} has ${textAt(entry, 'Name')} from ${textAt(entry, 'ValueFrom')}`),
      ]),
  },
  {
    id: 'compute/containers',
    source: ['platform'],
    requirement: 'a program that is taken over can do little',
    answer:
      'Not root, the root filesystem read-only with a folder for temporary files, an init process, logs that never block it. Temporal’s page alone can be written to: people open sessions into it.',
    check: (synthesised) =>
      containersOf(synthesised).flatMap(({ name, definition }) => [
        ...expected(`${name}: read-only`, at(definition, 'ReadonlyRootFilesystem'), !name.endsWith(' temporal-ui')),
        ...(/^[1-9]\d*(:[1-9]\d*)?$/.test(textAt(definition, 'User'))
          ? []
          : [`${name} runs as ${textAt(definition, 'User')}`]),
        ...expected(`${name}: init`, at(definition, 'LinuxParameters', 'InitProcessEnabled'), true),
        ...expected(`${name}: log`, at(definition, 'LogConfiguration'), {
          LogDriver: 'awslogs',
          Options: { mode: 'non-blocking' },
        }),
        ...(at(definition, 'Privileged') === true ? [`${name} is privileged`] : []),
      ]),
  },
  {
    id: 'compute/stop',
    source: ['platform'],
    requirement: 'a task that is ended loses no work',
    answer: 'Fargate waits for longer than the program does; no longer than two minutes, which is its limit.',
    check: (synthesised) =>
      ownContainersOf(synthesised).flatMap((container) => {
        const graceMs = Number(settingsOf(synthesised, container)['SHUTDOWN_GRACE_MS'] ?? 0);
        const stopSeconds = Number(at(container.definition, 'StopTimeout'));
        return stopSeconds * 1_000 >= graceMs && stopSeconds <= 120
          ? []
          : [`${container.name} is ended after ${stopSeconds} s, and takes ${graceMs} ms`];
      }),
  },
  {
    id: 'compute/no-shell',
    source: ['003'],
    requirement: 'a way to look into a running task',
    answer: 'None: logs, figures and traces are outside. A session opens only into Temporal’s page, for its port.',
    check: ({ resources }) =>
      resources('*', serviceType).flatMap(({ id, properties }) =>
        expected(
          `sessions into ${id}`,
          at(properties, 'EnableExecuteCommand') ?? false,
          textAt(properties, 'ServiceName') === 'temporal-ui',
        ),
      ),
  },
  {
    id: 'compute/collector',
    source: ['001'],
    requirement: 'traces in X-Ray, metrics in CloudWatch',
    answer:
      'A collector beside every program that stays: figures twice a minute, and traces in the open protocol for X-Ray, whose own daemon is no longer developed. It never takes the program down.',
    check: (synthesised) =>
      synthesised
        .resources('*', serviceType)
        .filter(({ properties }) => !['simulator', 'temporal-ui'].includes(textAt(properties, 'ServiceName')))
        .flatMap(({ id, properties }) => {
          const task = synthesised.target(at(properties, 'TaskDefinition'));
          const collector = containersOf(synthesised).find(
            (container) => container.task === task && textAt(container.definition, 'Name') === 'collector',
          );
          if (collector === undefined) return [`${id} has no collector`];
          const content = settingsOf(synthesised, collector)['AOT_CONFIG_CONTENT'] ?? '';
          return [
            ...expected(`${id}: essential`, at(collector.definition, 'Essential'), false),
            ...['awsxray', 'awsemf', `Quittance/${synthesised.environment.name}`]
              .filter((word) => !content.includes(word))
              .map((word) => `the collector of ${id} does not say ${word}`),
          ];
        }),
  },
  {
    id: 'compute/simulator',
    source: ['platform'],
    requirement: 'banks to try against, where there are no banks',
    answer: 'The simulator as a service in development and staging, under a private name; production refuses it.',
    check: ({ environment, resources, stacks }) =>
      environment.name === 'production'
        ? Object.keys(stacks)
            .filter((stack) => stack === 'Simulator')
            .map(() => 'production has a simulator')
        : expected('simulators', resources('Simulator', serviceType).length, 1),
  },
  {
    id: 'compute/migration-first',
    source: ['platform'],
    requirement: 'the schema of a release is there before its tasks',
    answer:
      'A stack with the task alone, which the pipeline runs before the services. First a container makes sure of the logins, with the master’s password, which nothing else gets.',
    check: (synthesised) => {
      const migration = programOf(synthesised, 'migration');
      const services = synthesised.resources('Migration', serviceType).length;
      const master = containersOf(synthesised).filter(({ definition }) =>
        listAt(definition, 'Secrets').some((secret) => textAt(secret, 'Name') === 'SERVER_MASTER'),
      );
      return [
        ...expected('services beside it', services, 0),
        ...expected('before it', at(migration.definition, 'DependsOn'), [
          { ContainerName: 'prepare', Condition: 'SUCCESS' },
        ]),
        ...master
          .filter(({ definition }) => textAt(definition, 'Name') !== 'prepare')
          .map(({ name }) => `${name} gets the master's password`),
      ];
    },
  },
];

const targetGroupType = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const ruleType = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Of the two rules: the first 16 digits of the SHA-256 of their properties. */
const sealOfRules = '46cc41fe4d98e044';

const attributesOf = (properties: Json, member: string): Record<string, Json> =>
  Object.fromEntries(
    listAt(properties, member).map((attribute) => [textAt(attribute, 'Key'), at(attribute, 'Value') ?? null]),
  );

const scalingsOf = ({ environment, resources }: Synthesised, service: string): Resource[] =>
  resources('*', 'AWS::ApplicationAutoScaling::ScalableTarget', {
    ResourceId: `service/quittance-${environment.name}/${service}`,
  });

function scalingOf(synthesised: Synthesised, service: string): Resource {
  const [first] = scalingsOf(synthesised, service);
  if (first === undefined) throw new Error(`${service} has no scaling`);
  return first;
}

type Step = { threshold: number; minutes: number; comparison: string; adjustment: number };

/** The alarm of one direction, and the policy that it calls. */
function stepProblems(
  { resources, target }: Synthesised,
  { threshold, minutes, comparison, adjustment }: Step,
): string[] {
  const alarms = resources('Api', 'AWS::CloudWatch::Alarm', {
    MetricName: 'CPUUtilization',
    ComparisonOperator: comparison,
    Threshold: threshold,
    EvaluationPeriods: minutes,
    Period: 60,
  });
  const what = `${adjustment} at ${threshold} % for ${minutes} min`;
  const [alarm] = alarms;
  if (alarm === undefined || alarms.length > 1) return [`${alarms.length} alarms say ${what}`];
  const [action] = listAt(alarm.properties, 'AlarmActions');
  const policy = target(action);
  return expected(`the step of ${what}`, at(policy?.properties, 'StepScalingPolicyConfiguration'), {
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [{ ScalingAdjustment: adjustment }],
  });
}

const workerFamilies = ({ resources, environment }: Synthesised): string[] =>
  resources('Workers', 'AWS::ECS::TaskDefinition').map(({ properties }) =>
    textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''),
  );

/** A parameter of ours, or a secret by its whole name, with a field or without. */
function isFromStore({ target }: Synthesised, from: string): boolean {
  const type = target(/\$\{[^}]+\}/.exec(from)?.[0])?.type ?? '';
  const managed = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];
  return ['AWS::SSM::Parameter', 'AWS::SecretsManager::Secret', ...managed].includes(type);
}
