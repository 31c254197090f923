import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  type ReplicationRule,
  StorageClass,
  TransitionDefaultMinimumObjectSize,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { objectPolicy } from './object-policy.ts';

export type ObjectBucketProps = {
  name: string;
  environment: Environment;
  /** The key of its objects. Null: S3's own. */
  key: IKey | null;
  accessLogs: IBucket;
  /** Roles that cannot write conditionally, by ARN. */
  unconditional?: readonly string[];
  /** Where every object is copied to, and by which role. */
  copy?: { role: IRole; rule: ReplicationRule };
};

/** Moves cost a fee each and colder classes bill 128 KiB at least: a statement of 36 KB would become dearer, so it stays. */
const movedFromBytes = 131_072;

/**
 * A bucket of objects that are put once and kept until a date. Each put has its date; `defaultDays` is for one that had none. With
 * Object Lock the bucket keeps every version, and the stack can be deleted while it stays.
 */
export class ObjectBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ObjectBucketProps) {
    super(scope, id);
    const { name, environment, key, accessLogs, copy, unconditional = [] } = props;
    const { objects } = environment;
    const days = Duration.days(objects.defaultDays);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: name,
      ...(key === null
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        objects.mode === 'compliance' ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `buckets/${id.toLowerCase()}/`,
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      lifecycleRules: lifecycleOf(environment),
      ...(copy !== undefined && { replicationRole: copy.role, replicationRules: [copy.rule] }),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The construct writes a number where CloudFormation has a text.
    const { defaultChild } = this.bucket.node;
    (defaultChild as CfnBucket).addPropertyOverride(
      'LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan',
      String(movedFromBytes),
    );
    const { bucketArn } = this.bucket;
    const keyArn = key === null ? null : key.keyArn;
    for (const statement of objectPolicy({ bucketArn, objects, keyArn, unconditional }))
      this.bucket.addToResourcePolicy(statement);
  }
}

/**
 * Larger objects get colder. After 90 days that is Glacier with instant reading: a link to a statement of last year leads to it at once,
 * and not after the hours that the other Glaciers need.
 */
function lifecycleOf({ name }: Environment): LifecycleRule[] {
  const { INTELLIGENT_TIERING, GLACIER_INSTANT_RETRIEVAL } = StorageClass;
  return [
    {
      id: 'colder',
      objectSizeGreaterThan: movedFromBytes,
      transitions: [
        ...(name === 'production' ? [{ storageClass: INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }] : []),
        { storageClass: GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
      ],
    },
    { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
  ];
}
