/** Services that roles of the platform have to do with, and what for: what is not in here no role can do, whatever its policies say. */
export const boundaryServices: Readonly<Record<string, string>> = {
  backup: 'AWS Backup copies the ledger into vaults',
  cloudformation: 'who deploys looks at its stacks',
  cloudwatch: 'programs publish metrics, and deployments read alarms',
  'cognito-idp': 'people sign in, and the API asks who they are',
  ec2: 'tasks and functions get addresses in the network, and the default security group is closed',
  ecr: 'tasks pull their image, and the pipeline pushes it',
  ecs: 'tasks are started on schedule and by a release, which is watched',
  elasticache: 'programs open the cache by token',
  elasticloadbalancing: 'ECS moves traffic between releases',
  events: 'rules hand on what happened',
  firehose: 'sign-in events are delivered to the archive',
  kms: 'data keys are opened, and checkpoints signed',
  lambda: 'a release is tried by a function',
  logs: 'programs write logs, and a release reads those of its tasks',
  rds: 'AWS Backup makes snapshots and restores them',
  'rds-db': 'programs open the database by token',
  s3: 'statements and the archive are put and read, and copied',
  secretsmanager: 'programs read their secrets',
  servicediscovery: 'tasks find each other by name',
  ses: 'e-mail is sent',
  'sms-voice': 'text messages are sent',
  sns: 'receipts and alarms are published',
  sqs: 'receipts are taken',
  ssm: 'programs get their settings',
  ssmmessages: 'a person looks into a task, where that is allowed',
  tag: 'AWS Backup finds what it copies',
  xray: 'traces are published',
};

/** What is in those services, and no role has a use for: who took one over would begin with these. */
export const beyondBoundary: readonly string[] = [
  // Keys are used, never changed.
  ...['kms:CreateKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:UpdateAlias'],
  // Evidence: what keeps it.
  ...['s3:BypassGovernanceRetention', 's3:PutBucketObjectLockConfiguration', 's3:PutBucketPolicy'],
  ...['s3:DeleteBucketPolicy', 's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration'],
  ...['s3:PutBucketVersioning', 's3:PutBucketPublicAccessBlock', 's3:DeleteBucket'],
  // Traces.
  ...['logs:DeleteLogGroup', 'logs:DeleteLogStream', 'logs:PutRetentionPolicy', 'logs:DisassociateKmsKey'],
  // Data and its backups. Snapshots are left out: AWS Backup ends them when their time has come.
  ...['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
  ...['elasticache:DeleteReplicationGroup', 'backup:DeleteRecoveryPoint', 'backup:DeleteBackupVault'],
  ...['backup:PutBackupVaultAccessPolicy', 'backup:DeleteBackupVaultLockConfiguration'],
  // Images and people.
  ...['ecr:DeleteRepository', 'ecr:SetRepositoryPolicy', 'ecr:PutImageTagMutability'],
  ...['cognito-idp:DeleteUserPool', 'cognito-idp:SetUserPoolMfaConfig'],
  // Machines, functions and peers, by which one would stay.
  ...['ec2:RunInstances', 'ec2:CreateVpcPeeringConnection', 'lambda:CreateFunction', 'lambda:UpdateFunctionCode'],
];
