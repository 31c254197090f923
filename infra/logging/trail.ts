import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';

export type TrailProps = {
  environment: Environment;
  account: string;
  region: string;
  name: string;
  bucketName: string;
  accessLogs: IBucket;
  keys: { trail: IKey; logs: IKey };
  /** Buckets whose objects' every reading and writing is recorded, by ARN. */
  watched: readonly string[];
};

/** How long the record of calls cannot be deleted: a year, as PCI DSS 10.5 asks; where all is thrown away, as long as other objects. */
const lockOf = ({ objects }: Environment): ObjectLockRetention =>
  objects.mode === 'compliance'
    ? ObjectLockRetention.compliance(Duration.days(365))
    : ObjectLockRetention.governance(Duration.days(objects.defaultDays));

/**
 * Every call to AWS, of all regions, and every access to statements and archive, in files that cannot be changed: each has the hash of
 * the one before, and the bucket keeps them locked. CloudWatch has the same for alarms.
 */
export class Trail extends Construct {
  readonly trail: CfnTrail;
  readonly group: LogGroup;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { environment, name, keys, watched } = props;
    const bucket = this.#bucket(props);
    this.group = new LogGroup(this, 'Group', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: keys.logs,
      removalPolicy: environment.name === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    const role = this.#writer();
    this.trail = new CfnTrail(this, 'Trail', {
      trailName: name,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: bucket.bucketName,
      kmsKeyId: keys.trail.keyArn,
      cloudWatchLogsLogGroupArn: this.group.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      insightSelectors: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }],
      advancedEventSelectors: [
        { name: 'calls', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        {
          name: 'objects',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWith: watched.map((arn) => `${arn}/`) },
          ],
        },
      ],
    });
    // CloudTrail tries to write before it answers.
    this.trail.node.addDependency(bucket.policy ?? bucket, role);
  }

  #bucket({ environment, account, region, name, bucketName, accessLogs, keys }: TrailProps): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: keys.trail,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: lockOf(environment),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'buckets/trail/',
      lifecycleRules: [{ id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const own = { 'aws:SourceArn': `arn:aws:cloudtrail:${region}:${account}:trail/${name}` };
    const allow = (actions: string[], resource: string, StringEquals: Record<string, string>) =>
      bucket.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
          actions,
          resources: [resource],
          conditions: { StringEquals },
        }),
      );
    allow(['s3:GetBucketAcl'], bucket.bucketArn, own);
    allow(['s3:PutObject'], bucket.arnForObjects(`AWSLogs/${account}/*`), {
      ...own,
      's3:x-amz-acl': 'bucket-owner-full-control',
    });
    return bucket;
  }

  #writer(): Role {
    return new Role(this, 'Writer', {
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com'),
      managedPolicies: [
        new ManagedPolicy(this, 'Write', {
          description: 'CloudTrail writes the calls into its log group.',
          statements: [
            new PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [this.group.logGroupArn],
            }),
          ],
        }),
      ],
    });
  }
}
