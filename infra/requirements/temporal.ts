import { temporalPorts, temporalRoles } from '../temporal/sizes.ts';
import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { programOf, settingsOf } from './tasks.ts';
import { countOf, rolesOf, secretBehind, serverTasks, serviceType, workerFamilies } from './temporal-parts.ts';

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
      'A private link in both zones, and a private zone with one name that leads to it: the namespace’s, or, by a value of the deployment, that of the region for a namespace that fails over to another one (environment/choices.test.ts).',
    check: (synthesised) => {
      if (synthesised.environment.name !== 'production') return [];
      const { isReplicated, namespace, serviceName } = synthesised.deployment.temporalCloud;
      const zone = isReplicated
        ? `aws-${synthesised.deployment.region}.region.tmprl.cloud.`
        : `${namespace}.tmprl.cloud.`;
      const { id, properties: link } = synthesised.only('Temporal', 'AWS::EC2::VPCEndpoint');
      return [
        ...expected('the link', link, {
          ServiceName: serviceName,
          VpcEndpointType: 'Interface',
          PrivateDnsEnabled: false,
        }),
        ...expected('its subnets', listAt(link, 'SubnetIds').length, 2),
        ...expected('the zone', synthesised.only('Temporal', 'AWS::Route53::HostedZone').properties['Name'], zone),
        ...expected(
          'names in the zone that lead to the link',
          synthesised
            .resources('Temporal', 'AWS::Route53::RecordSet', { Name: zone })
            .filter(({ properties }) => JSON.stringify(properties['AliasTarget'] ?? '').includes(`.${id}.DnsEntries`))
            .length,
          1,
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
      'By TLS everywhere. A key at Temporal Cloud, certificates of both sides on Fargate; from secrets, never from a template. They are read when a task starts, so a new one needs new tasks. Certificates at Temporal Cloud are a setting that no environment uses and no test synthesises.',
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
];
