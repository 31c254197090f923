import { at, type Json, listAt, textAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { alarm, container, grantsOf, set } from './spoil.ts';

/** Bad changes of what programs are told, and of what runs them. */
export const settingChanges: readonly Change[] = [
  {
    name: 'a setting stands outside of its environment',
    environment: 'production',
    turnsRed: ['secrets/parameters'],
    edit: (draft) => set(parameter(draft, 'Api', 'api/CORS_ORIGINS/'), 'Name', '/quittance/staging/api/CORS_ORIGINS/0'),
  },
  {
    name: 'nothing inside has a name',
    environment: 'production',
    turnsRed: ['network/internal-names'],
    edit: (draft) => draft.remove('Cluster', 'AWS::ServiceDiscovery::PrivateDnsNamespace'),
  },
  {
    name: 'tasks of the API run on the other kind of processor',
    environment: 'production',
    turnsRed: ['compute/fargate'],
    edit: (draft) =>
      set(at(draft.one('Api', 'AWS::ECS::TaskDefinition').Properties, 'RuntimePlatform'), 'CpuArchitecture', 'X86_64'),
  },
  {
    name: 'requests to the new set of tasks are not counted',
    environment: 'production',
    turnsRed: ['compute/scaling-requests'],
    edit: (draft) => {
      const policy = draft.one('Api', 'AWS::ApplicationAutoScaling::ScalingPolicy', {
        PolicyName: 'requests-per-task',
      });
      const formula = listAt(
        policy.Properties,
        'TargetTrackingScalingPolicyConfiguration',
        'CustomizedMetricSpecification',
        'Metrics',
      ).find((metric) => textAt(metric, 'Expression') !== '');
      set(formula, 'Expression', 'FILL(blue, 0)');
    },
  },
  {
    name: 'tasks are asked by TLS, with a certificate that nobody verifies',
    environment: 'production',
    turnsRed: ['compute/balancer-to-task'],
    edit: (draft) => {
      const [group] = draft.all('Ingress', 'AWS::ElasticLoadBalancingV2::TargetGroup');
      set(group?.Properties, 'Protocol', 'HTTPS');
    },
  },
  {
    name: 'a collector that fails takes the API down',
    environment: 'production',
    turnsRed: ['compute/collector'],
    edit: (draft) => set(container(draft, 'Api', 'collector'), 'Essential', true),
  },
  {
    name: 'staging has no simulator',
    environment: 'staging',
    turnsRed: ['compute/simulator'],
    edit: (draft) => draft.remove('Simulator', 'AWS::ECS::Service'),
  },
  {
    name: 'what may be old is read from the writer',
    environment: 'production',
    turnsRed: ['data/readers'],
    edit: (draft) => {
      const reader = parameter(draft, 'Api', 'api/DATABASE_READER_URL/');
      set(reader, 'Value', parameter(draft, 'Api', 'api/DATABASE_URL/')['Value'] ?? null);
    },
  },
  {
    name: 'every server of Temporal has the role matching',
    environment: 'staging',
    turnsRed: ['temporal/mode'],
    edit: (draft) => set(parameter(draft, 'Temporal', 'temporal-worker/TEMPORAL_SERVICES/'), 'Value', 'matching'),
  },
  {
    name: 'Temporal’s page does not ask who looks',
    environment: 'staging',
    turnsRed: ['temporal/ui-inside'],
    edit: (draft) => set(parameter(draft, 'Temporal', 'temporal-ui/TEMPORAL_AUTH_ENABLED/'), 'Value', 'false'),
  },
  {
    name: 'programs speak with Temporal Cloud without TLS',
    environment: 'production',
    turnsRed: ['temporal/login'],
    edit: (draft) => set(parameter(draft, 'Api', 'api/TEMPORAL_TLS/'), 'Value', 'false'),
  },
  {
    name: 'history of Temporal may be one task',
    environment: 'staging',
    turnsRed: ['alarms/ecs-tasks', 'temporal/roles'],
    edit: (draft) =>
      set(
        draft.one('Temporal', 'AWS::ApplicationAutoScaling::ScalableTarget', {
          ResourceId: 'service/quittance-staging/temporal-history',
        }).Properties,
        'MinCapacity',
        1,
      ),
  },
  {
    name: 'Temporal’s database does not grow',
    environment: 'staging',
    turnsRed: ['temporal/database'],
    edit: (draft) =>
      set(
        at(draft.one('Temporal', 'AWS::RDS::DBCluster').Properties, 'ServerlessV2ScalingConfiguration'),
        'MaxCapacity',
        1,
      ),
  },
  {
    name: 'a server of Temporal goes on when nothing writes its tokens',
    environment: 'staging',
    turnsRed: ['temporal/password-by-token'],
    edit: (draft) => {
      const history = draft.one('Temporal', 'AWS::ECS::TaskDefinition', {
        Family: 'quittance-staging-temporal-history',
      });
      const tokens = listAt(history.Properties, 'ContainerDefinitions').find((each) => at(each, 'Name') === 'tokens');
      set(tokens, 'Essential', false);
    },
  },
  {
    name: 'the schema of Temporal’s second database is forgotten',
    environment: 'staging',
    turnsRed: ['temporal/schema-first'],
    edit: (draft) => {
      const schema = container(draft, 'Temporal', 'temporal-schema');
      const command = listAt(schema, 'Command').map((word) => String(word).replaceAll('/visibility/versioned', ''));
      set(schema, 'Command', command);
    },
  },
  {
    name: 'the API tells Temporal Cloud everything in clear',
    environment: 'production',
    turnsRed: ['temporal/payloads'],
    edit: (draft) => {
      const task = container(draft, 'Api', 'api');
      set(
        task,
        'Secrets',
        listAt(task, 'Secrets').filter((secret) => textAt(secret, 'Name') !== 'PAYLOAD_KMS_KEYS'),
      );
    },
  },
  {
    name: 'the codec server may encrypt',
    environment: 'staging',
    turnsRed: ['temporal/payloads'],
    edit: (draft) => {
      const [statement] = grantsOf(draft, 'CodecServer', 'kms:Decrypt').filter(
        (each) => each['Sid'] === 'DataKeysOfPayloads',
      );
      set(statement, 'Action', ['kms:Decrypt', 'kms:GenerateDataKey']);
    },
  },
  {
    name: 'the scaler publishes where nobody looks',
    environment: 'staging',
    turnsRed: ['temporal/backlog-scaling'],
    edit: (draft) =>
      set(parameter(draft, 'Scaler', 'scaler/SCALER_METRICS_NAMESPACE/'), 'Value', 'Quittance/production'),
  },
  {
    name: 'workers do not grow before all of their slots are used',
    environment: 'production',
    turnsRed: ['temporal/backlog-scaling'],
    edit: (draft) => {
      const [policy] = draft.all('Workers', 'AWS::ApplicationAutoScaling::ScalingPolicy', { PolicyName: 'slots-used' });
      set(at(policy?.Properties, 'TargetTrackingScalingPolicyConfiguration'), 'TargetValue', 1);
    },
  },
  {
    name: 'that nobody measures what waits is fine',
    environment: 'production',
    turnsRed: ['alarms/queue-depth'],
    edit: (draft) => set(alarm(draft, 'production', 'queue-unmeasured-transfers'), 'TreatMissingData', 'notBreaching'),
  },
  {
    name: 'a version of the workers runs the image of another',
    environment: 'production',
    turnsRed: ['temporal/worker-versions'],
    edit: (draft) =>
      set(
        container(draft, 'Workers', 'records-0-1-0'),
        'Image',
        `111111111111.dkr.ecr.eu-central-1.amazonaws.com/quittance-production@sha256:${'9'.repeat(64)}`,
      ),
  },
  {
    name: 'workers for statements take transfers too',
    environment: 'production',
    turnsRed: ['temporal/worker-roles'],
    edit: (draft) => set(parameter(draft, 'Workers', 'records-0-1-0/WORKER_ROLES/'), 'Value', 'all'),
  },
  {
    name: 'what got into a line of the API’s log is shown to everybody',
    environment: 'production',
    turnsRed: ['observability/masking'],
    edit: (draft) => {
      const log = draft.one('Api', 'AWS::Logs::LogGroup', { LogGroupName: '/quittance/production/api' }).Properties;
      delete log['DataProtectionPolicy'];
    },
  },
];

/** A parameter of a stack, by a part of its name. */
function parameter(draft: Draft, stack: string, part: string): Record<string, Json> {
  const [found, ...others] = draft
    .all(stack, 'AWS::SSM::Parameter')
    .filter(({ Properties }) => textAt(Properties, 'Name').includes(`/${part}`));
  if (found?.Properties === undefined || others.length > 0)
    throw new Error(`${stack} has ${others.length + (found ? 1 : 0)} parameters …/${part}`);
  return found.Properties;
}
