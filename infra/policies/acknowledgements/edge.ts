import type { Acknowledgement } from '../acknowledgement.ts';

const all = ['development', 'staging', 'production'] as const;
const production = ['production'] as const;

/** Both packs that have the rule, with one reason. */
const both = (rule: string, rest: Omit<Acknowledgement, 'id'>): Acknowledgement[] =>
  ['PCI.DSS.321', 'NIST.800.53.R5'].map((pack) => ({ ...rest, id: `${pack}::${pack}-${rule}` }));

const publicFiles =
  'What everybody may read through CloudFront: pages and scripts, and nothing of a customer. They are encrypted by S3, and a key of ours would only be one more thing that can fail.';
const logsOfItsKind =
  'Access logs of S3 cannot be delivered to a bucket with a key of ours. There are no cookies, queries and keys in them.';
const madeByReleases =
  'A release puts the files into the buckets of both regions by itself; in the other environments it puts them there again.';
const logsAreOfTheRegion =
  'Access logs of the edge are kept in its region: what is evidence is in the archive, which is copied.';

/** Findings that stay in Identity, Channels, Edge, ConsoleCopy, Observability. */
export const edge: readonly Acknowledgement[] = [
  {
    stack: 'Identity',
    path: 'SignInEvents/Writer',
    environments: all,
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:s3:::quittance-{environment}-{account}-{region}-audit/sign-ins/*]',
    reason: 'The stream names its objects by their time. The role may only add below this one place, and read nothing.',
  },
  {
    stack: 'Edge',
    path: 'Entrance/Distribution',
    environments: all,
    id: 'AwsSolutions::AwsSolutions-CFR1',
    reason:
      'Customers travel. From which countries a tenant is used, its keys say (allowed addresses), and not the edge.',
  },
  {
    stack: 'Edge',
    path: 'Entrance/Distribution',
    environments: all,
    id: 'AwsSolutions::AwsSolutions-CFR3',
    reason:
      'It is logged by the second kind of logging, which this rule does not know (edge/access-log): without cookies, and into a bucket without access lists.',
  },
  {
    stack: 'Edge',
    path: 'Entrance/Distribution/Origin2',
    environments: production,
    id: 'Annotation::@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac',
    reason: 'The policy of the copy is written where the copy is, in ConsoleCopy (edge/origin-failover reads it).',
  },
  ...both('S3DefaultEncryptionKMS', {
    stack: 'Edge',
    path: 'ConsoleFiles/Bucket',
    environments: all,
    reason: publicFiles,
  }),
  ...both('S3DefaultEncryptionKMS', { stack: 'Edge', path: 'Logs/Bucket', environments: all, reason: logsOfItsKind }),
  ...both('S3BucketReplicationEnabled', {
    stack: 'Edge',
    path: 'ConsoleFiles/Bucket',
    environments: all,
    reason: madeByReleases,
  }),
  ...both('S3BucketReplicationEnabled', {
    stack: 'Edge',
    path: 'Logs/Bucket',
    environments: all,
    reason: logsAreOfTheRegion,
  }),
  ...both('S3DefaultEncryptionKMS', {
    stack: 'ConsoleCopy',
    path: 'ConsoleFiles/Bucket',
    environments: production,
    reason: publicFiles,
  }),
  ...both('S3BucketReplicationEnabled', {
    stack: 'ConsoleCopy',
    path: 'ConsoleFiles/Bucket',
    environments: production,
    reason: 'It is the copy itself, in the second region.',
  }),
  ...[
    'AwsSolutions::AwsSolutions-S1',
    'PCI.DSS.321::PCI.DSS.321-S3BucketLoggingEnabled',
    'NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled',
  ].map(
    (id): Acknowledgement => ({
      stack: 'ConsoleCopy',
      path: 'ConsoleFiles/Bucket',
      environments: production,
      id,
      reason: 'Only CloudFront reads it, and has each request in its own log.',
    }),
  ),
];
