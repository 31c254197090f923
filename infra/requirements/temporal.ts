import { temporalPorts, temporalRoles } from '../temporal/sizes.ts';
import { workerKinds, workerRoles } from '../workers/kinds.ts';
import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Resource, Synthesised } from './synthesised.ts';
import { containersOf, imageOf, programOf, settingsOf } from './tasks.ts';

const serviceType = 'AWS::ECS::Service';

/** Workflows: where Temporal is, and the workers. */
export const temporalRows: readonly Row[] = [
  {
    id: 'temporal/mode',
    source: ['platform'],
    requirement: 'Temporal in production without shards to operate; a way to run it oneself that stays exercised',
    answer: 'Temporal Cloud in production, on Fargate with four roles in staging, in one task in development.',
    check: (synthesised) => {
      const roles = serverTasks(synthesised).map((task) => rolesOf(synthesised, task));
      const wanted = {
        development: [temporalRoles.join(',')],
        staging: [...temporalRoles],
        production: [],
      }[synthesised.environment.name];
      return expected('roles of servers', roles.toSorted(), wanted.toSorted());
    },
  },
  {
    id: 'temporal/private-link',
    source: ['platform'],
    requirement: 'nothing of ours goes over the internet to Temporal Cloud',
    answer:
      'A private link in both zones, and a private zone in which the name of the namespace leads to it. Of a namespace that fails over to another region the zone would be that of the region.',
    check: (synthesised) => {
      if (synthesised.environment.name !== 'production') return [];
      const { namespace, serviceName } = synthesised.deployment.temporalCloud;
      const link = synthesised.only('Temporal', 'AWS::EC2::VPCEndpoint').properties;
      return [
        ...expected('the link', link, { ServiceName: serviceName, VpcEndpointType: 'Interface' }),
        ...expected('its subnets', listAt(link, 'SubnetIds').length, 2),
        ...expected(
          'the zone',
          synthesised.only('Temporal', 'AWS::Route53::HostedZone').properties['Name'],
          `${namespace}.tmprl.cloud.`,
        ),
        ...expected(
          'the API is told',
          settingsOf(synthesised, programOf(synthesised, 'api'))['TEMPORAL_ADDRESS'],
          `${namespace}.tmprl.cloud:7233`,
        ),
      ];
    },
  },
  {
    id: 'temporal/login',
    source: ['platform'],
    requirement: 'programs prove to Temporal who they are, and Temporal to them',
    answer:
      'By TLS everywhere. A key at Temporal Cloud (certificates by a setting), certificates of both sides on Fargate; from secrets, never from a template.',
    check: (synthesised) => {
      const isByKey =
        synthesised.environment.temporal.mode === 'cloud' && synthesised.environment.temporal.auth === 'api-key';
      const secrets = isByKey
        ? ['TEMPORAL_API_KEY']
        : ['TEMPORAL_TLS_SERVER_CA_CERT_DATA', 'TEMPORAL_TLS_CLIENT_CERT_DATA', 'TEMPORAL_TLS_CLIENT_KEY_DATA'];
      return ['api', ...workerFamilies(synthesised)].flatMap((family) => {
        const settings = settingsOf(synthesised, programOf(synthesised, family));
        return [
          ...expected(`TLS of ${family}`, settings['TEMPORAL_TLS'], 'true'),
          ...secrets
            .filter((name) => secretBehind(synthesised, settings[name])?.type !== 'AWS::SecretsManager::Secret')
            .map((name) => `${family} has ${name} from ${settings[name]}`),
        ];
      });
    },
  },
  {
    id: 'temporal/roles',
    source: ['platform'],
    requirement: 'the roles of the server grow by themselves',
    answer: 'In staging a service each: history with a core and three tasks, the others with half and two.',
    check: (synthesised) => {
      if (synthesised.environment.temporal.mode !== 'self-hosted') return [];
      return temporalRoles.flatMap((role) => {
        const isHistory = role === 'history';
        const { task, definition } = programOf(synthesised, `temporal-${role}`);
        const ports = listAt(definition, 'PortMappings').map((mapping) => at(mapping, 'ContainerPort') ?? null);
        return [
          ...expected(
            role,
            task.properties,
            isHistory ? { Cpu: '1024', Memory: '2048' } : { Cpu: '512', Memory: '1024' },
          ),
          ...expected(`ports of ${role}`, ports, [temporalPorts[role].calls, temporalPorts[role].members]),
          ...expected(`tasks of ${role}`, countOf(synthesised, `temporal-${role}`), isHistory ? [3, 3] : [2, 2]),
        ];
      });
    },
  },
  {
    id: 'temporal/discovery',
    source: ['platform'],
    requirement: 'servers find each other',
    answer:
      'By a table of their database and the addresses of their tasks. Only the front end has a name; a balancer before another role would break the ring.',
    check: (synthesised) =>
      synthesised.resources('Temporal', serviceType).flatMap(({ properties }) => {
        const name = textAt(properties, 'ServiceName');
        const isNamed = ['temporal-frontend', 'temporal-all'].includes(name);
        return [
          ...expected(`names of ${name}`, listAt(properties, 'ServiceRegistries').length, isNamed ? 1 : 0),
          ...expected(`balancers of ${name}`, listAt(properties, 'LoadBalancers').length, 0),
          ...(isObject(at(properties, 'ServiceConnectConfiguration')) ? [`${name} is behind Service Connect`] : []),
        ];
      }),
  },
  {
    id: 'temporal/gentle-rollout',
    source: ['platform'],
    requirement: 'an upgrade does not move all shards at once',
    answer: 'History is replaced one task after the other; in development the one task ends before the next begins.',
    check: (synthesised) => {
      const wanted: Record<string, Json> = {
        'temporal-history': { MinimumHealthyPercent: 66, MaximumPercent: 134 },
        'temporal-all': { MinimumHealthyPercent: 0, MaximumPercent: 100 },
      };
      return synthesised
        .resources('Temporal', serviceType)
        .flatMap(({ properties }) =>
          expected(
            textAt(properties, 'ServiceName'),
            at(properties, 'DeploymentConfiguration'),
            wanted[textAt(properties, 'ServiceName')] ?? {},
          ),
        );
    },
  },
  {
    id: 'temporal/database',
    source: ['platform'],
    requirement: 'workflows do not slow down money',
    answer:
      'In staging Temporal has an Aurora of its own that grows by itself, with a reader; in development two databases beside the ledger’s.',
    check: (synthesised) => {
      const { temporal } = synthesised.environment;
      const clusters = synthesised.resources('Temporal', 'AWS::RDS::DBCluster');
      if (temporal.mode !== 'self-hosted') return expected('servers of its own', clusters.length, 0);
      return [
        ...expected('servers of its own', clusters.length, 1),
        ...expected('its size', clusters[0]?.properties['ServerlessV2ScalingConfiguration'], {
          MinCapacity: 0.5,
          MaxCapacity: 8,
        }),
        ...expected('its instances', synthesised.resources('Temporal', 'AWS::RDS::DBInstance').length, 2),
      ];
    },
  },
  {
    id: 'temporal/shards',
    source: ['platform'],
    requirement: 'the number of shards never changes',
    answer: '512 in staging, 4 in development, sealed here: every workflow belongs to one of them until it ends.',
    check: (synthesised) =>
      serverTasks(synthesised).flatMap((task) =>
        expected(
          `shards of ${textAt(task.properties, 'Family')}`,
          settingsOf(synthesised, serverContainer(synthesised, task))['NUM_HISTORY_SHARDS'],
          { development: '4', staging: '512', production: '' }[synthesised.environment.name],
        ),
      ),
  },
  {
    id: 'temporal/password-by-token',
    source: ['platform'],
    requirement: 'the server logs in to its database without a password',
    answer:
      'A container of ours beside it writes a token each five minutes, and the server reads it for each connection. The server starts after the first one.',
    check: (synthesised) =>
      serverTasks(synthesised).flatMap((task) => {
        const server = serverContainer(synthesised, task);
        const tokens = containersOf(synthesised).find(
          (container) => container.task === task && textAt(container.definition, 'Name') === 'tokens',
        );
        const passwords = Object.keys(settingsOf(synthesised, server)).filter((name) => /PWD|PASSWORD/.test(name));
        return [
          ...passwords.map((name) => `${server.name} has ${name}`),
          ...expected(`${server.name} waits for`, listAt(server.definition, 'DependsOn'), [
            { ContainerName: 'tokens', Condition: 'HEALTHY' },
          ]),
          ...expected(`tokens of ${server.name}`, at(tokens?.definition, 'Essential'), true),
        ];
      }),
  },
  {
    id: 'temporal/schema-first',
    source: ['platform'],
    requirement: 'schema and namespace are there before the server',
    answer:
      'A task that the pipeline runs before each version of the server, which changes nothing when it is run again; and one for the namespace. Not the image that sets itself up at each start.',
    check: (synthesised) => {
      if (synthesised.environment.temporal.mode === 'cloud') return [];
      const schema = programOf(synthesised, 'temporal-schema').definition;
      const text = listAt(schema, 'Command').join(' ');
      const namespace = listAt(programOf(synthesised, 'temporal-namespace').definition, 'Command').join(' ');
      return [
        ...['setup-schema --version 0.0', '/temporal/versioned', '/visibility/versioned']
          .filter((part) => !text.includes(part))
          .map((part) => `the schema task does not say ${part}`),
        ...(namespace.includes('namespace create --namespace quittance') ? [] : ['no namespace is made']),
        ...containersOf(synthesised)
          .filter((container) => imageOf(container).includes('auto-setup'))
          .map(({ name }) => `${name} sets itself up`),
      ];
    },
  },
  {
    id: 'temporal/ui-inside',
    source: ['platform'],
    requirement: 'operators look at workflows; nobody outside does',
    answer:
      'Nothing leads to Temporal’s page. Who may open a session into its task gets its port, sees, and changes nothing. Temporal Cloud has its own page with its own sign-in.',
    check: (synthesised) => {
      if (synthesised.environment.temporal.mode === 'cloud') return [];
      const [page] = synthesised.resources('Temporal', serviceType, { ServiceName: 'temporal-ui' });
      const settings = settingsOf(synthesised, programOf(synthesised, 'temporal-ui'));
      const group = listAt(page?.properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups').map(
        String,
      );
      const ways = synthesised
        .resources('*', 'AWS::EC2::SecurityGroupIngress')
        .filter(({ properties }) => group.includes(String(properties['GroupId'])));
      const inline = group.flatMap((one) => listAt(synthesised.target(one)?.properties, 'SecurityGroupIngress'));
      return [
        ...expected('ways to it', ways.length + inline.length, 0),
        ...expected('balancers', listAt(page?.properties, 'LoadBalancers').length, 0),
        ...expected('changes nothing', settings['TEMPORAL_DISABLE_WRITE_ACTIONS'], 'true'),
      ];
    },
  },
  {
    id: 'temporal/worker-versions',
    source: ['platform'],
    requirement: 'a new version of the workers takes over without a failed workflow',
    answer:
      'Each live version is a service of its own for each kind of worker, with its own image; which ones live is data of the deployment.',
    check: (synthesised) => {
      const wanted = synthesised.deployment.workerVersions.flatMap(({ build }) =>
        workerKinds.map((kind) => `${kind}-${build.replaceAll('.', '-')}`),
      );
      const services = synthesised
        .resources('Workers', serviceType)
        .map(({ properties }) => textAt(properties, 'ServiceName'));
      return [
        ...expected('services', services.toSorted(), wanted.toSorted()),
        ...synthesised.deployment.workerVersions.flatMap(({ build, imageDigest }) =>
          workerKinds.flatMap((kind) => {
            const program = programOf(synthesised, `${kind}-${build.replaceAll('.', '-')}`);
            return imageOf(program).endsWith(`@${imageDigest}`) ? [] : [`${kind} ${build} has another image`];
          }),
        ),
      ];
    },
  },
  {
    id: 'temporal/worker-roles',
    source: ['002'],
    requirement: 'work that may take long takes nothing from transfers',
    answer: 'Two kinds of worker, each a service: what moves money, and what makes statements and the archive.',
    check: (synthesised) =>
      workerKinds.flatMap((kind) =>
        workerFamilies(synthesised)
          .filter((family) => family.startsWith(`${kind}-`))
          .flatMap((family) =>
            expected(
              `roles of ${family}`,
              settingsOf(synthesised, programOf(synthesised, family))['WORKER_ROLES'],
              workerRoles[kind].join(','),
            ),
          ),
      ),
  },
  {
    id: 'temporal/worker-stop',
    source: ['platform'],
    requirement: 'a worker that is ended finishes what it has',
    answer:
      'It has 100 s, and Fargate waits for its two minutes; what takes longer reports itself and goes on elsewhere.',
    check: (synthesised) =>
      workerFamilies(synthesised).flatMap((family) => {
        const program = programOf(synthesised, family);
        return [
          ...expected(`${family} has`, settingsOf(synthesised, program)['SHUTDOWN_GRACE_MS'], '100000'),
          ...expected(`${family} is ended after`, at(program.definition, 'StopTimeout'), 120),
        ];
      }),
  },
  {
    id: 'temporal/backlog-scaling',
    source: ['002'],
    requirement: 'workers scale with the depth of a queue',
    answer:
      'With what waits for each worker (50), with the age of the oldest (30 s), and with the processor (70 %): depth alone says nothing of slow tasks. A version that drains keeps one task.',
    check: (synthesised) =>
      synthesised
        .resources('Workers', 'AWS::ApplicationAutoScaling::ScalableTarget')
        .filter(({ properties }) => at(properties, 'MinCapacity') !== at(properties, 'MaxCapacity'))
        .flatMap((target) => scalingProblems(synthesised, target)),
  },
];

/** Task definitions of servers: those that are told roles. */
const serverTasks = (synthesised: Synthesised): Resource[] =>
  synthesised
    .resources('Temporal', 'AWS::ECS::TaskDefinition')
    .filter((task) =>
      containersOf(synthesised).some((container) => container.task === task && isServer(synthesised, container)),
    );

const isServer = (synthesised: Synthesised, container: ReturnType<typeof containersOf>[number]): boolean =>
  'TEMPORAL_SERVICES' in settingsOf(synthesised, container);

function serverContainer(synthesised: Synthesised, task: Resource): ReturnType<typeof containersOf>[number] {
  const found = containersOf(synthesised).find(
    (container) => container.task === task && isServer(synthesised, container),
  );
  if (found === undefined) throw new Error(`${task.id} has no server`);
  return found;
}

const rolesOf = (synthesised: Synthesised, task: Resource): string =>
  settingsOf(synthesised, serverContainer(synthesised, task))['TEMPORAL_SERVICES'] ?? '';

const workerFamilies = ({ resources, environment }: Synthesised): string[] =>
  resources('Workers', 'AWS::ECS::TaskDefinition').map(({ properties }) =>
    textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''),
  );

function secretBehind({ target }: Synthesised, from: string | undefined): Resource | undefined {
  return target(/\$\{[^}]+\}/.exec(from ?? '')?.[0]);
}

function countOf({ resources, environment }: Synthesised, service: string): Json {
  const [scaling] = resources('*', 'AWS::ApplicationAutoScaling::ScalableTarget', {
    ResourceId: `service/quittance-${environment.name}/${service}`,
  });
  return [at(scaling?.properties, 'MinCapacity') ?? null, at(scaling?.properties, 'MaxCapacity') ?? null];
}

function scalingProblems({ resources }: Synthesised, target: Resource): string[] {
  const of = (properties: Json) => textAt(properties, 'ScalingTargetId').startsWith(`\${Workers.${target.id}`);
  const policies = resources('Workers', 'AWS::ApplicationAutoScaling::ScalingPolicy').filter(({ properties }) =>
    of(properties),
  );
  const tracked = policies.map(
    ({ properties }) => at(properties, 'TargetTrackingScalingPolicyConfiguration', 'TargetValue') ?? null,
  );
  const steps = policies.filter(({ properties }) => isObject(at(properties, 'StepScalingPolicyConfiguration')));
  const ages = resources('Workers', 'AWS::CloudWatch::Alarm', {
    MetricName: 'TaskQueueBacklogAge',
    Threshold: 30,
  }).filter(({ properties }) =>
    steps.some(({ id }) => listAt(properties, 'AlarmActions').some((action) => String(action).includes(id))),
  );
  return [
    ...expected(
      `what ${target.id} keeps`,
      tracked
        .filter((value) => value !== null)
        .map(Number)
        .toSorted(),
      [50, 70],
    ),
    ...expected(`alarms of age of ${target.id}`, ages.length, 1),
  ];
}
