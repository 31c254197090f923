import { at, listAt } from '../requirements/json.ts';
import type { Change } from './change.ts';
import { bucketPolicy, container, set, unset, withoutStatement } from './spoil.ts';

/** Bad changes that leave a part out, put it elsewhere, or add one that nobody wanted. */
export const partChanges: readonly Change[] = [
  {
    name: 'both zones of production leave by one gateway',
    environment: 'production',
    turnsRed: ['network/nat'],
    edit: (draft) => {
      const ways = draft
        .all('Network', 'AWS::EC2::Route')
        .filter(({ Properties }) => Properties?.['NatGatewayId'] !== undefined)
        .map(({ Properties }) => Properties);
      for (const way of ways) set(way, 'NatGatewayId', ways[0]?.['NatGatewayId'] ?? null);
    },
  },
  {
    name: 'an address belongs to nothing',
    environment: 'production',
    turnsRed: ['exposure/addresses-are-for-nat'],
    edit: (draft) => draft.add('Network', 'Address', { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } }),
  },
  {
    name: 'images are pulled through the gateway',
    environment: 'production',
    turnsRed: ['network/endpoints'],
    edit: (draft) => {
      const doors = Object.entries(draft.templates['Network']?.Resources ?? {}).filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::EC2::VPCEndpoint' && JSON.stringify(Properties?.['ServiceName']).includes('ecr.dkr'),
      );
      for (const [id] of doors) delete draft.templates['Network']?.Resources[id];
    },
  },
  {
    name: 'the default group of the VPC stays open',
    environment: 'production',
    turnsRed: ['network/default-group'],
    edit: (draft) => draft.remove('Network', 'Custom::VpcRestrictDefaultSG'),
  },
  {
    name: 'an object can be locked for a century',
    environment: 'production',
    turnsRed: ['objects/no-longer-than-the-duty'],
    edit: (draft) => withoutStatement(bucketPolicy(draft, 'Archive'), 'NoLongerThanTheDuty'),
  },
  {
    name: 'the lock of the copies of backups can be taken off',
    environment: 'production',
    turnsRed: ['objects/copies-of-backups'],
    edit: (draft) =>
      unset(at(draft.one('Recovery', 'AWS::Backup::BackupVault').Properties, 'LockConfiguration'), 'ChangeableForDays'),
  },
  {
    name: 'who reads statements is in no trail',
    environment: 'production',
    turnsRed: ['trail/objects'],
    edit: (draft) => {
      const trail = draft.one('Logging', 'AWS::CloudTrail::Trail').Properties;
      set(trail, 'AdvancedEventSelectors', listAt(trail, 'AdvancedEventSelectors').slice(0, 1));
    },
  },
  {
    name: 'AWS Config records once a day',
    environment: 'production',
    turnsRed: ['governance/configuration'],
    edit: (draft) =>
      set(
        at(draft.one('Logging', 'AWS::Config::ConfigurationRecorder').Properties, 'RecordingMode'),
        'RecordingFrequency',
        'DAILY',
      ),
  },
  {
    name: 'a secret is encrypted by a key of AWS',
    environment: 'production',
    turnsRed: ['secrets/secrets'],
    edit: (draft) => {
      unset(draft.one('Operator', 'AWS::SecretsManager::Secret').Properties, 'KmsKeyId');
    },
  },
  {
    name: 'the firewall looks at the first part of a body only',
    environment: 'production',
    turnsRed: ['edge/firewall-bodies'],
    edit: (draft) => unset(draft.one('Edge', 'AWS::WAFv2::WebACL').Properties, 'AssociationConfig'),
  },
  {
    name: 'neither name can be reached by IPv6',
    environment: 'production',
    turnsRed: ['edge/names'],
    edit: (draft) => {
      const names = draft.all('Edge', 'AWS::Route53::RecordSet', { Type: 'AAAA' });
      for (const { Properties } of names) set(Properties, 'Type', 'A');
    },
  },
  {
    name: 'letters that are not from us are let through',
    environment: 'production',
    turnsRed: ['channels/mail'],
    edit: (draft) => {
      const [policy] = draft
        .all('Channels', 'AWS::Route53::RecordSet', { Type: 'TXT' })
        .filter(({ Properties }) => JSON.stringify(Properties).includes('p=reject'));
      if (policy?.Properties === undefined) throw new Error('There is no DMARC record.');
      const records = JSON.stringify(policy.Properties['ResourceRecords']).replaceAll('p=reject', 'p=none');
      set(policy.Properties, 'ResourceRecords', JSON.parse(records));
    },
  },
  {
    name: 'SMS go to every country',
    environment: 'production',
    turnsRed: ['channels/sms'],
    edit: (draft) =>
      unset(draft.one('Channels', 'AWS::SMSVOICE::ConfigurationSet').Properties, 'ProtectConfigurationId'),
  },
  {
    name: 'the container of the API says nothing of its health',
    environment: 'production',
    turnsRed: ['compute/container-health'],
    edit: (draft) => unset(container(draft, 'Api', 'api'), 'HealthCheck'),
  },
  {
    name: 'clients stay with the task that they had first',
    environment: 'production',
    turnsRed: ['compute/no-stickiness'],
    edit: (draft) => {
      const [blue] = draft.all('Ingress', 'AWS::ElasticLoadBalancingV2::TargetGroup');
      set(blue?.Properties, 'TargetGroupAttributes', [{ Key: 'stickiness.enabled', Value: 'true' }]);
    },
  },
  {
    name: 'the balancer keeps no log of requests',
    environment: 'production',
    turnsRed: ['compute/balancer'],
    edit: (draft) => {
      const { Properties } = draft.one('Ingress', 'AWS::ElasticLoadBalancingV2::LoadBalancer');
      const attribute = listAt(Properties, 'LoadBalancerAttributes').find(
        (each) => at(each, 'Key') === 'access_logs.s3.enabled',
      );
      set(attribute, 'Value', 'false');
    },
  },
  {
    name: 'tags of images are read again for each task',
    environment: 'production',
    turnsRed: ['compute/images-by-digest'],
    edit: (draft) => set(container(draft, 'Api', 'api'), 'VersionConsistency', 'disabled'),
  },
  {
    name: 'the API of production runs on Spot',
    environment: 'production',
    turnsRed: ['compute/spot'],
    edit: (draft) =>
      set(draft.one('Api', 'AWS::ECS::Service').Properties, 'CapacityProviderStrategy', [
        { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
      ]),
  },
  {
    name: 'containers of production are not measured one by one',
    environment: 'production',
    turnsRed: ['compute/cluster'],
    edit: (draft) =>
      set(draft.one('Cluster', 'AWS::ECS::Cluster').Properties, 'ClusterSettings', [
        { Name: 'containerInsights', Value: 'enabled' },
      ]),
  },
  {
    name: 'the analysis of queries is encrypted by a key of AWS',
    environment: 'production',
    turnsRed: ['data/encrypted'],
    edit: (draft) => unset(draft.all('Data', 'AWS::RDS::DBInstance')[0]?.Properties, 'PerformanceInsightsKMSKeyId'),
  },
  {
    name: 'the log of the database shows parameters',
    environment: 'production',
    turnsRed: ['data/says-no-secrets'],
    edit: (draft) =>
      set(
        at(draft.one('Data', 'AWS::RDS::DBClusterParameterGroup').Properties, 'Parameters'),
        'log_parameter_max_length',
        '-1',
      ),
  },
  {
    name: 'logs of the database are not kept',
    environment: 'production',
    turnsRed: ['data/watched'],
    edit: (draft) => unset(draft.one('Data', 'AWS::RDS::DBCluster').Properties, 'EnableCloudwatchLogsExports'),
  },
  {
    name: 'a reader stays with its minor version',
    environment: 'production',
    turnsRed: ['data/minor-upgrades'],
    edit: (draft) => set(draft.all('Data', 'AWS::RDS::DBInstance')[1]?.Properties, 'AutoMinorVersionUpgrade', false),
  },
  {
    name: 'sessions move into DynamoDB',
    environment: 'production',
    turnsRed: ['data/one-store'],
    edit: (draft) => draft.add('Data', 'Sessions', { Type: 'AWS::DynamoDB::Table', Properties: {} }),
  },
  {
    name: 'the page of Temporal has write actions',
    environment: 'staging',
    turnsRed: ['temporal/ui-inside'],
    edit: (draft) => {
      const [setting] = draft
        .all('Temporal', 'AWS::SSM::Parameter')
        .filter(({ Properties }) => String(Properties?.['Name']).includes('/TEMPORAL_DISABLE_WRITE_ACTIONS/'));
      set(setting?.Properties, 'Value', 'false');
    },
  },
  {
    name: 'the log of the API has no end',
    environment: 'production',
    turnsRed: ['observability/logs'],
    edit: (draft) => {
      const [log] = draft.all('Api', 'AWS::Logs::LogGroup');
      unset(log?.Properties, 'RetentionInDays');
    },
  },
  {
    name: 'a release names its alarms and does not watch them',
    environment: 'production',
    turnsRed: ['compute/rollback'],
    edit: (draft) =>
      set(at(draft.one('Api', 'AWS::ECS::Service').Properties, 'DeploymentConfiguration', 'Alarms'), 'Enable', false),
  },
  {
    name: 'the name of the namespace leads to nothing',
    environment: 'production',
    turnsRed: ['temporal/private-link'],
    edit: (draft) => draft.remove('Temporal', 'AWS::Route53::RecordSet'),
  },
  {
    name: 'the console has no second origin',
    environment: 'production',
    turnsRed: ['edge/origin-failover'],
    edit: (draft) => {
      const { Properties } = draft.one('Edge', 'AWS::CloudFront::Distribution');
      const [group] = listAt(Properties, 'DistributionConfig', 'OriginGroups', 'Items');
      set(at(group, 'Members'), 'Items', listAt(group, 'Members', 'Items').slice(0, 1));
    },
  },
  {
    name: 'the distribution has no firewall',
    environment: 'production',
    turnsRed: ['edge/gateway'],
    edit: (draft) =>
      unset(at(draft.one('Edge', 'AWS::CloudFront::Distribution').Properties, 'DistributionConfig'), 'WebACLId'),
  },
  {
    name: 'the database has a public address',
    environment: 'staging',
    turnsRed: ['exposure/no-public-address', 'data/not-public'],
    edit: (draft) => set(draft.one('Data', 'AWS::RDS::DBInstance').Properties, 'PubliclyAccessible', true),
  },
  {
    name: 'the migration runs before its logins are there',
    environment: 'production',
    turnsRed: ['compute/migration-first'],
    edit: (draft) => unset(container(draft, 'Migration', 'migration'), 'DependsOn'),
  },
  {
    name: 'a worker scales with its processor alone',
    environment: 'production',
    turnsRed: ['temporal/backlog-scaling'],
    edit: (draft) => {
      const ages = draft.all('Workers', 'AWS::CloudWatch::Alarm', { MetricName: 'TaskQueueBacklogAge' });
      for (const { Properties } of ages) set(Properties, 'AlarmActions', []);
    },
  },
];
