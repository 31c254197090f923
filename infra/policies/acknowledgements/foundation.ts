import { boundaryServices } from '../../security/boundary-services.ts';
import type { Acknowledgement } from '../acknowledgement.ts';

const all = ['development', 'staging', 'production'] as const;
const production = ['production'] as const;
const withoutCopies = ['development', 'staging'] as const;

/** Both packs that have the rule, with one reason. */
const both = (rule: string, rest: Omit<Acknowledgement, 'id'>): Acknowledgement[] =>
  ['PCI.DSS.321', 'NIST.800.53.R5'].map((pack) => ({ ...rest, id: `${pack}::${pack}-${rule}` }));

const notCopied =
  'What is copied into the second region is evidence: statements and the archive, in production. Logs of access are about this region’s buckets, and CloudTrail of the other region records there.';
const ofItsKind =
  'Delivery of access logs knows no key of ours (S3 and balancers write with S3’s own): with one nothing would be delivered. What is in it is who asked for which object, and no content.';

const snapshotNames =
  'Who releases names a snapshot after the release, below the name of this environment. It can delete none.';

/** Findings that stay in Security, Network, Logging, Storage, Registry, Recovery, Checkpoints. */
export const foundation: readonly Acknowledgement[] = [
  ...Object.entries(boundaryServices).map(
    ([service, meaning]): Acknowledgement => ({
      stack: 'Security',
      path: 'Boundary/Policy',
      id: `AwsSolutions::AwsSolutions-IAM5[Action::${service}:*]`,
      environments: all,
      reason: `The boundary gives nothing: it is the most that a policy can give. ${service}: ${meaning}.`,
    }),
  ),
  ...['Resource::arn:aws:iam::{account}:role/*', 'Resource::arn:aws:iam::{account}:role/cdk-*'].map(
    (detail): Acknowledgement => ({
      stack: 'Security',
      path: 'Boundary/Policy',
      id: `AwsSolutions::AwsSolutions-IAM5[${detail}]`,
      environments: all,
      reason:
        'The boundary gives nothing: which role may be passed on or taken, the policies of each role name exactly.',
    }),
  ),
  ...both('IAMPolicyNoStatementsWithFullAccess', {
    stack: 'Security',
    path: 'Boundary/Policy',
    environments: all,
    reason:
      'The boundary gives nothing: full access to a service in it means that policies decide, and each lists its actions.',
  }),
  ...both('VPCNoUnrestrictedRouteToIGW', {
    stack: 'Network',
    path: /^Vpc\/publicSubnet[12]\/DefaultRoute$/,
    environments: all,
    reason: 'Public subnets hold the NAT gateways and nothing else; without this route nothing would reach out.',
  }),
  {
    stack: 'Network',
    path: /^Vpc\/(public|private|data)Subnet[12]\/Subnet$/,
    id: 'CloudFormation-Validate::W3010',
    environments: all,
    reason:
      'Zones belong to the deployment (deployment.ts) and not to the code: the synthesis asks no account for them.',
  },
  ...both('S3BucketReplicationEnabled', {
    stack: 'Logging',
    path: /^(AccessLogs|Trail)\/Bucket$/,
    environments: all,
    reason: notCopied,
  }),
  ...both('S3DefaultEncryptionKMS', {
    stack: 'Logging',
    path: 'AccessLogs/Bucket',
    environments: all,
    reason: ofItsKind,
  }),
  ...both('S3BucketReplicationEnabled', {
    stack: 'Storage',
    path: /^(Statements|Archive)\/Bucket$/,
    environments: withoutCopies,
    reason: 'Only production outlives the loss of a region; what others keep are trials, thrown away after days.',
  }),
  {
    stack: 'Storage',
    path: /^(Statements|Archive)\/Bucket$/,
    id: 'Annotation::@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
    environments: all,
    reason:
      'The bucket of logs lets this account’s deliveries in by one policy of its own: a stack above must not write into it.',
  },
  ...['{region}-statements', '{region}-audit', '{otherRegion}-statements', '{otherRegion}-audit'].map(
    (bucket): Acknowledgement => ({
      stack: 'Storage',
      path: 'Copies/Copy',
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:s3:::quittance-{environment}-{account}-${bucket}/*]`,
      environments: production,
      reason: 'S3 copies every object of the bucket: there is no part of it that would be left out.',
    }),
  ),
  {
    stack: 'Storage',
    path: 'Copies/Copy',
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:kms:{otherRegion}:{account}:key/*]',
    environments: production,
    reason:
      'The id of the other region’s key is not known here; the condition binds the statement to the key of that name, through S3.',
  },
  ...both('S3BucketReplicationEnabled', {
    stack: 'Recovery',
    path: /^(AccessLogs|Statements|Archive)\/Bucket$/,
    environments: production,
    reason: 'These are the copies, and the log of who asked for them.',
  }),
  ...both('S3DefaultEncryptionKMS', {
    stack: 'Recovery',
    path: 'AccessLogs/Bucket',
    environments: production,
    reason: ofItsKind,
  }),
  ...both('S3BucketReplicationEnabled', {
    stack: 'Checkpoints',
    path: /^(AccessLogs|Checkpoints)\/Bucket$/,
    environments: all,
    reason: 'This is the copy, in an account of its own; what was shown of the archive is with tenants besides.',
  }),
  ...both('S3DefaultEncryptionKMS', {
    stack: 'Checkpoints',
    path: 'Checkpoints/Bucket',
    environments: all,
    reason: 'A checkpoint is public, and a key that somebody schedules for deletion would take the proof along.',
  }),
  ...both('S3DefaultEncryptionKMS', {
    stack: 'Checkpoints',
    path: 'AccessLogs/Bucket',
    environments: all,
    reason: ofItsKind,
  }),
  {
    stack: 'Security',
    path: 'Release/Release/Resource',
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:ecs:{region}:{account}:task/quittance-{environment}/*]',
    environments: all,
    reason:
      'Tasks of this one cluster have ids: who releases sees what became of the task that it started, and stops it.',
  },
  {
    stack: 'Security',
    path: 'Release/Release/Resource',
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:rds:{region}:{account}:snapshot:quittance-{environment}-*]',
    environments: withoutCopies,
    reason: snapshotNames,
  },
  {
    stack: 'Security',
    path: 'Release/Release/Resource',
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:rds:{region}:{account}:cluster-snapshot:quittance-{environment}-*]',
    environments: production,
    reason: snapshotNames,
  },
  ...(
    [
      ['{region}', all],
      ['us-east-1', all],
      ['{otherRegion}', production],
    ] as const
  ).map(
    ([region, environments]): Acknowledgement => ({
      stack: 'Security',
      path: 'Deploy/BecomeCdk/Resource',
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:cloudformation:${region}:{account}:stack/{environment}-*]`,
      environments,
      reason:
        'A stack has an id behind its name, made when it is: who deploys looks at the stacks of this environment alone.',
    }),
  ),
];
