import { accessLogsNameOf } from '../logging/names.ts';
import { daysOf } from '../storage/object-policy.ts';
import { at, expected, listAt, matches } from './json.ts';
import { bucketsOf, denial, denials, exemptIn, exemptOf, policyOf, retentions } from './object-buckets.ts';
import type { Row } from './row.ts';

/** Statements and the archive: how they are kept, and how long nobody can delete them. */
export const objectRows: readonly Row[] = [
  {
    id: 'objects/lock',
    source: ['002'],
    requirement:
      'statements and audit records in S3, versioned, with Object Lock: ten years in production, 30 days and one day elsewhere',
    answer:
      'Both buckets, by the environment’s mode and days: compliance, which nobody can shorten, in production; governance where all is thrown away. Each object has its own date besides (docs/adr/0047).',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap(({ stack, id, properties }) => [
        ...expected(`${stack}.${id}`, properties, {
          ObjectLockEnabled: true,
          VersioningConfiguration: { Status: 'Enabled' },
        }),
        ...expected(
          `default retention of ${stack}.${id}`,
          at(properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention'),
          retentions[synthesised.environment.name],
        ),
      ]),
  },
  {
    id: 'objects/encryption',
    source: ['001', '002'],
    requirement: 'encryption at rest, by a key of ours',
    answer:
      'The key of objects and no other: a put that names another is refused. Bucket keys keep the number of calls small.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => {
        const rule = at(bucket.properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration', 0);
        const key = at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID');
        return [
          ...expected(`encryption of ${bucket.id}`, rule, {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
          }),
          ...expected(`refusal of other keys by ${bucket.id}`, denial(synthesised, bucket, 'NoOtherKey')?.condition, {
            StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key ?? null },
          }),
        ];
      }),
  },
  {
    id: 'objects/private',
    source: ['001', '002', '003'],
    requirement: 'no public access, TLS only',
    answer: 'All blocks, no access lists, and a policy that refuses what comes without TLS 1.2.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => [
        ...expected(bucket.id, bucket.properties, {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        }),
        ...(denials(synthesised, bucket).some(({ condition }) =>
          matches(condition, { NumericLessThan: { 's3:TlsVersion': 1.2 } }),
        )
          ? []
          : [`${bucket.id} takes TLS below 1.2`]),
      ]),
  },
  {
    id: 'objects/create-only',
    source: ['002', 'platform'],
    requirement: 'what was put is never replaced',
    answer:
      'A put without If-None-Match is refused, and so is a deletion, because its marker would let the next put succeed. Only the delivery of sign-in events is excepted, into the archive’s bucket, under names of its own.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => [
        ...expected(`CreateOnly of ${bucket.id}`, denial(synthesised, bucket, 'CreateOnly')?.condition, {
          Null: { 's3:if-none-match': 'true' },
        }),
        ...expected(`its exception in ${bucket.id}`, exemptOf(synthesised, bucket), exemptIn(synthesised, bucket)),
        ...expected(`NoDeleteMarkers of ${bucket.id}`, denial(synthesised, bucket, 'NoDeleteMarkers')?.actions, [
          's3:DeleteObject',
        ]),
      ]),
  },
  {
    id: 'objects/no-way-around',
    source: ['002', 'platform'],
    requirement: 'nobody deletes before the date',
    answer:
      'Governance may be gone around by who has the right: the bucket’s policy takes that right from everybody. Locks in another mode than the environment’s are refused.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => [
        ...expected(`NoWayAroundLocks of ${bucket.id}`, denial(synthesised, bucket, 'NoWayAroundLocks')?.actions, [
          's3:BypassGovernanceRetention',
        ]),
        ...expected(`NoOtherMode of ${bucket.id}`, denial(synthesised, bucket, 'NoOtherMode')?.condition, {
          StringNotEquals: { 's3:object-lock-mode': synthesised.environment.objects.mode.toUpperCase() },
        }),
      ]),
  },
  {
    id: 'objects/no-longer-than-the-duty',
    source: ['platform'],
    requirement: 'nothing is locked longer than the law wants it kept',
    answer:
      'A lock beyond the environment’s years is refused, on a put and later: nobody can end one. There is no least: `operator storage check` locks for a day, and what is due sooner than now the platform refuses itself.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => {
        const found = denial(synthesised, bucket, 'NoLongerThanTheDuty');
        const years = { development: 1, staging: 1, production: 10 }[synthesised.environment.name];
        return [
          ...expected(`NoLongerThanTheDuty of ${bucket.id}`, found?.condition, {
            NumericGreaterThan: { 's3:object-lock-remaining-retention-days': String(daysOf(years)) },
          }),
          ...expected(`what it refuses`, found?.actions, ['s3:PutObject', 's3:PutObjectRetention']),
        ];
      }),
  },
  {
    id: 'objects/lifecycle',
    source: ['001', '002'],
    requirement:
      'lifecycle: Intelligent-Tiering in production, Glacier after 90 days; uploads that were given up end after 7 days',
    answer:
      'For objects above 128 KB: a statement has 36 KB, and a move costs more than it saves. Glacier with instant reading, because a link to an old statement must lead to it at once.',
    check: (synthesised) =>
      bucketsOf(synthesised).flatMap((bucket) => {
        const rules = listAt(bucket.properties, 'LifecycleConfiguration', 'Rules');
        const moves = rules.filter((rule) => listAt(rule, 'Transitions').length > 0);
        const tiering = { StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 };
        const colder = { StorageClass: 'GLACIER_IR', TransitionInDays: 90 };
        return [
          ...expected(`moves of ${bucket.id}`, moves, [
            {
              Status: 'Enabled',
              ObjectSizeGreaterThan: '131072',
              Transitions: synthesised.environment.name === 'production' ? [tiering, colder] : [colder],
            },
          ]),
          ...expected(
            `uploads of ${bucket.id}`,
            rules.flatMap((rule) => listAt(rule, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation')),
            [7],
          ),
          ...rules
            .filter(
              (rule) =>
                at(rule, 'ExpirationInDays') !== undefined || at(rule, 'NoncurrentVersionExpiration') !== undefined,
            )
            .map(() => `${bucket.id} deletes by itself`),
        ];
      }),
  },
  {
    id: 'objects/access-logs',
    source: ['001', '003'],
    requirement: 'access to buckets is recorded',
    answer:
      'Server access logs of both buckets of objects, in a bucket of their own, encrypted by S3’s keys and without a lock, because delivery knows neither; and CloudTrail’s data events.',
    check: (synthesised) => {
      const { environment, deployment, only } = synthesised;
      const log = only('Logging', 'AWS::S3::Bucket', { BucketName: accessLogsNameOf(environment.name, deployment) });
      return [
        ...bucketsOf(synthesised, 'Storage').flatMap(({ id, properties }) =>
          expected(
            `logs of ${id}`,
            at(properties, 'LoggingConfiguration', 'DestinationBucketName'),
            log.properties['BucketName'] ?? null,
          ),
        ),
        ...expected(
          'its encryption',
          at(
            log.properties,
            'BucketEncryption',
            'ServerSideEncryptionConfiguration',
            0,
            'ServerSideEncryptionByDefault',
          ),
          {
            SSEAlgorithm: 'AES256',
          },
        ),
        ...(log.properties['ObjectLockConfiguration'] === undefined
          ? []
          : ['it has a lock, and nothing would be delivered']),
        ...policyOf(synthesised, log)
          .filter(
            ({ effect, condition }) =>
              effect === 'Allow' && at(condition, 'StringEquals', 'aws:SourceAccount') !== deployment.account,
          )
          .map(({ principal }) => `${JSON.stringify(principal)} may deliver for other accounts`),
      ];
    },
  },
  {
    id: 'objects/retained',
    source: ['platform'],
    requirement: 'no stack takes evidence along when it is deleted',
    answer:
      'Buckets and keys stay (RETAIN), and stacks of staging and production cannot be deleted, except the programs that each release replaces.',
    check: (synthesised) => [
      ...bucketsOf(synthesised).flatMap(({ id, raw }) => [
        ...expected(`the end of ${id}`, raw.DeletionPolicy, 'Retain'),
        ...expected(`the replacement of ${id}`, raw.UpdateReplacePolicy, 'Retain'),
      ]),
      ...(synthesised.environment.name === 'development' ? [] : Object.keys(synthesised.stacks))
        .filter((stack) => !replacedByReleases.includes(stack) && !synthesised.isProtected(stack))
        .map((stack) => `the stack ${stack} can be deleted`),
    ],
  },
];

/** Stacks of a release: they hold no data, and one of them goes when the simulator does. */
const replacedByReleases = ['Migration', 'Operator', 'Simulator', 'Api', 'Workers', 'Scaler', 'CodecServer'];
