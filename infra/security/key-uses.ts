/** What the keys of an environment are for. One key a class of data, so that who can read it is one policy. */
export const purposes = ['data', 'secrets', 'logs', 'objects', 'trail', 'payloads'] as const;
export type Purpose = (typeof purposes)[number];

/**
 * A use of a key by an AWS service in its own name. `context`: what the service must say it is for, by KMS's encryption context, with
 * `{account}` and `{region}`: without it the service could be made to use the key for somebody else (a confused deputy).
 */
export type ServiceUse = { service: string; actions: readonly string[]; context: Readonly<Record<string, string>> };

/** How a key is used. */
export type KeyUse = {
  meaning: string;
  /** Services through which roles of the account use it, as `kms:ViaService` has them, without region. Null: roles call KMS. */
  through: readonly string[] | null;
  /** What who calls KMS itself must say that it is for, by KMS's encryption context. Absent: nothing. */
  context?: Readonly<Record<string, string>>;
  /** Whether these services may be lent the key for as long as their resource exists (KMS's grants), as a database is. */
  isLent: boolean;
  services: readonly ServiceUse[];
  /** Nobody may schedule its deletion: what it encrypts is evidence, and the key's end would be the end of that. */
  isKept: boolean;
};

/** What programs say to KMS when they make or open a data key of payloads (encryption/kms-key.ts): the key does nothing else. */
export const payloadContext = { purpose: 'quittance-temporal-payloads' } as const;

const readAndWrite = ['kms:Decrypt', 'kms:GenerateDataKey'] as const;

/** Who publishes to encrypted topics, and which topics: those of this account and region. */
const toTopics = (service: string): ServiceUse => ({
  service,
  actions: readAndWrite,
  context: { 'aws:sns:topicArn': 'arn:aws:sns:{region}:{account}:*' },
});

export const keyUses: Readonly<Record<Purpose, KeyUse>> = {
  data: {
    meaning: 'the ledger, the cache, backups and images',
    through: ['rds', 'elasticache', 'backup', 'ecr'],
    isLent: true,
    services: [
      {
        service: 'fargate.amazonaws.com',
        actions: ['kms:GenerateDataKeyWithoutPlaintext', 'kms:CreateGrant'],
        context: { 'aws:ecs:clusterAccount': '{account}' },
      },
    ],
    isKept: false,
  },
  secrets: {
    meaning: 'secrets and parameters',
    through: ['secretsmanager', 'ssm', 'rds'],
    isLent: true,
    services: [],
    isKept: false,
  },
  logs: {
    meaning: 'logs, alarms and queues',
    through: ['logs', 'sns', 'sqs', 'firehose', 'lambda'],
    isLent: true,
    services: [
      {
        service: 'logs.{region}.amazonaws.com',
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:DescribeKey',
        ],
        context: { 'aws:logs:arn': 'arn:aws:logs:{region}:{account}:*' },
      },
      ...['cloudwatch', 'events', 'budgets', 'ses', 'sms-voice'].map((service) => toTopics(`${service}.amazonaws.com`)),
      {
        service: 'sns.amazonaws.com',
        actions: readAndWrite,
        context: { 'aws:sqs:arn': 'arn:aws:sqs:{region}:{account}:*' },
      },
    ],
    isKept: false,
  },
  objects: {
    meaning: 'statements and the archive',
    through: ['s3'],
    isLent: false,
    services: [],
    isKept: true,
  },
  trail: {
    meaning: 'the record of every call to AWS',
    through: ['s3', 'cloudtrail'],
    isLent: false,
    services: [
      {
        service: 'cloudtrail.amazonaws.com',
        actions: ['kms:GenerateDataKey'],
        context: { 'aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:{account}:trail/*' },
      },
    ],
    isKept: false,
  },
  payloads: {
    meaning: 'what Temporal keeps of workflows',
    through: null,
    context: payloadContext,
    isLent: false,
    services: [],
    isKept: false,
  },
};
