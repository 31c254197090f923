import type { Acknowledgement } from '../acknowledgement.ts';

const all = ['development', 'staging', 'production'] as const;
const development = ['development'] as const;
const production = ['production'] as const;
const withSimulator = ['development', 'staging'] as const;
const withTest = ['staging', 'production'] as const;

/** What two packs say of one thing, with one reason. */
const bothPacks = (ids: readonly string[], rest: Omit<Acknowledgement, 'id'>): Acknowledgement[] =>
  ids.map((id) => ({ ...rest, id }));

const rotation = [
  'AwsSolutions::AwsSolutions-SMG4',
  'NIST.800.53.R5::NIST.800.53.R5-SecretsManagerRotationEnabled',
] as const;

/** A policy that AWS writes for a role that only one of its services takes on. */
const serviceRole = (policy: string, rest: Omit<Acknowledgement, 'id'>): Acknowledgement => ({
  ...rest,
  id: `AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
});

/** The objects of a bucket. */
const objectsOf = (bucket: string, rest: Omit<Acknowledgement, 'id'>): Acknowledgement => ({
  ...rest,
  id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:s3:::${bucket}/*]`,
});

const monitoring =
  'The role by which RDS delivers the figures of its operating system: AWS keeps its policy, and only RDS takes it on.';
const thrownAway = 'Development is thrown away and made again; what is in it is in no backup that anybody needs.';
const ownName = 'Keys of objects are made of ids that come later; the actions are listed one by one, and none deletes.';
const inCluster =
  'The cluster is what is backed up, and its instances are no data of their own; the rule looks at each instance by itself.';

/** Findings that stay in Data, Cluster, Temporal, Ingress, Migration, Operator, Simulator, Api, Workers. */
export const programs: readonly Acknowledgement[] = [
  serviceRole('service-role/AmazonRDSEnhancedMonitoringRole', {
    stack: 'Data',
    path: /^Database\/(Instance|Cluster)\/MonitoringRole\/Resource$/,
    environments: all,
    reason: monitoring,
  }),
  serviceRole('service-role/AWSBackupServiceRolePolicyForBackup', {
    stack: 'Data',
    path: 'Backups/Plan/Databases/Role/Resource',
    environments: all,
    reason: 'The role by which AWS Backup makes backups: AWS keeps its policy, and only AWS Backup takes it on.',
  }),
  serviceRole('service-role/AWSBackupServiceRolePolicyForRestores', {
    stack: 'Data',
    path: 'Backups/RestoreRole/Resource',
    environments: production,
    reason: 'The role of the monthly test of a restore: AWS keeps its policy, and only AWS Backup takes it on.',
  }),
  {
    stack: 'Data',
    path: 'Database/Instance/Resource',
    id: 'AwsSolutions::AwsSolutions-RDS11',
    environments: withSimulator,
    reason: 'Requirement 001 fixes port 5432. Another port would hide nothing: no route leads to the database.',
  },
  ...bothPacks(
    ['AwsSolutions::AwsSolutions-RDS10', 'NIST.800.53.R5::NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled'],
    { stack: 'Data', path: 'Database/Instance/Resource', environments: development, reason: thrownAway },
  ),
  ...bothPacks(['AwsSolutions::AwsSolutions-RDS3', 'NIST.800.53.R5::NIST.800.53.R5-RDSMultiAZSupport'], {
    stack: 'Data',
    path: 'Database/Instance/Resource',
    environments: development,
    reason: 'Requirement 001 asks for one zone in development.',
  }),
  {
    stack: 'Data',
    path: /^Database\/Cluster\/(Writer|Reader\d)\/Resource$/,
    id: 'NIST.800.53.R5::NIST.800.53.R5-RDSInBackupPlan',
    environments: production,
    reason: inCluster,
  },
  {
    stack: 'Data',
    path: 'Cache/Group',
    id: 'AwsSolutions::AwsSolutions-AEC4',
    environments: development,
    reason: 'One node in development, as one zone for its database: what is in the cache can vanish at any time.',
  },
  {
    stack: 'Data',
    path: 'Cache/Group',
    id: 'AwsSolutions::AwsSolutions-AEC6',
    environments: all,
    reason:
      'Redis AUTH is one password for everybody. Here a user logs in by tokens of a quarter of an hour, and there is no password.',
  },
  serviceRole('service-role/AmazonRDSEnhancedMonitoringRole', {
    stack: 'Temporal',
    path: 'Fargate/Storage/Cluster/MonitoringRole/Resource',
    environments: ['staging'],
    reason: monitoring,
  }),
  {
    stack: 'Temporal',
    path: /^Fargate\/Storage\/Cluster\/(Writer|Reader)\/Resource$/,
    id: 'NIST.800.53.R5::NIST.800.53.R5-RDSInBackupPlan',
    environments: ['staging'],
    reason:
      'Temporal’s database has continuous backups of its own for 35 days. What matters of its workflows is in the ledger, from which open transfers go on.',
  },
  ...bothPacks(rotation, {
    stack: 'Temporal',
    path: 'Cloud/Login/Resource',
    environments: production,
    reason:
      'Temporal Cloud makes its keys, not AWS: two are valid at once, and the runbook of rotation says how the next one takes over.',
  }),
  ...bothPacks(rotation, {
    stack: 'Temporal',
    path: 'Fargate/Certificates/Resource',
    environments: withSimulator,
    reason:
      'Certificates end by themselves, and an authority of ours signs the next ones: the runbook of rotation says how.',
  }),
  ...bothPacks(rotation, {
    stack: 'Temporal',
    path: 'Fargate/Ui/SignIn/Secret/Resource',
    environments: withSimulator,
    reason: 'Cognito makes it with the client and knows no other: a new client of the page has a new one.',
  }),
  {
    stack: 'Ingress',
    path: 'Balancer/Balancer/Resource',
    id: 'NIST.800.53.R5::NIST.800.53.R5-ELBDeletionProtectionEnabled',
    environments: development,
    reason: thrownAway,
  },
  ...bothPacks(['NIST.800.53.R5::NIST.800.53.R5-ALBWAFEnabled', 'PCI.DSS.321::PCI.DSS.321-ALBWAFEnabled'], {
    stack: 'Ingress',
    path: 'Balancer/Balancer/Resource',
    environments: all,
    reason:
      'The firewall stands at CloudFront, which alone reaches the balancer; a second one would see the same requests later.',
  }),
  ...bothPacks(rotation, {
    stack: 'Simulator',
    path: 'Control/Resource',
    environments: withSimulator,
    reason: 'It commands simulated banks and no money. To get another one, delete it: the next deployment makes one.',
  }),
  serviceRole('AmazonECSInfrastructureRolePolicyForLoadBalancers', {
    stack: 'Api',
    path: 'Program/Service/GreenRole/Resource',
    environments: withTest,
    reason:
      'The role by which ECS shifts requests between both sets of tasks: AWS keeps its policy, and only ECS takes it on.',
  }),
  {
    stack: 'Api',
    path: /^Hooks\/(Admission|Smoke)Function\/Resource$/,
    id: 'NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ',
    environments: withTest,
    reason:
      'ECS calls it and waits for its answer; without one the release goes back. There is no event that could be lost.',
  },
  ...bothPacks(rotation, {
    stack: 'Operator',
    path: 'SmokeKey/Secret/Resource',
    environments: all,
    reason:
      'A key of the platform, which the platform makes and ends: an operator’s command puts a new one here (docs/aws/run-an-operator-command.md). It can move a cent between two accounts of a tenant that has no others.',
  }),
  objectsOf('quittance-{environment}-{account}-{region}-statements', {
    stack: 'Api',
    path: 'Program/TaskRole/DefaultPolicy/Resource',
    environments: all,
    reason: ownName,
  }),
  {
    stack: 'Temporal',
    path: 'Fargate/Release/Policy/Resource',
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:ecs:{region}:{account}:task-definition/quittance-{environment}-temporal-schema:*]',
    environments: withSimulator,
    reason:
      'Revisions of this one family: the pipeline makes one with the tools of a new version, before its servers start.',
  },
  ...['statements', 'audit'].map((area) =>
    objectsOf(`quittance-{environment}-{account}-{region}-${area}`, {
      stack: 'Operator',
      path: /^(Program|Verification)\/TaskRole\/DefaultPolicy\/Resource$/,
      environments: all,
      reason: 'Who verifies reads every object; the actions are listed one by one, and none writes.',
    }),
  ),
  ...[
    'quittance-{environment}-{account}-{region}-statements',
    'quittance-{environment}-{account}-{region}-audit',
    '{checkpoints}-audit',
  ].map((bucket) =>
    objectsOf(bucket, {
      stack: 'Workers',
      path: /^records-[^/]+\/TaskRole\/DefaultPolicy\/Resource$/,
      environments: all,
      reason: ownName,
    }),
  ),
];
