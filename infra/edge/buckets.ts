import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { bucketPrefixOf } from '../names.ts';

/** Where the edge's requests are written. A log's bucket must be of the region of what is logged, so this is not Logging's. */
export class EdgeLogs extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: { environment: Environment }) {
    super(scope, id);
    const { environment } = props;
    const { account, region } = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed(environment),
      bucketName: `${bucketPrefixOf(environment.name, account, region)}-edge-logs`,
      lifecycleRules: [
        {
          expiration: Duration.days(environment.logs.days),
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AccessOfDistribution',
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:${region}:${account}:delivery-source:*` },
        },
      }),
    );
  }
}

/**
 * The console's files. A release puts them here (`aws s3 sync`), each under a name with its hash, and keeps the last ones for pages that
 * are open; the distribution alone reads them. SSE-S3: everybody may read them through it.
 */
export class ConsoleFiles extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: { environment: Environment; logs: Bucket | null }) {
    super(scope, id);
    const { environment, logs } = props;
    const { account, region } = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed(environment),
      bucketName: `${bucketPrefixOf(environment.name, account, region)}-console`,
      ...(logs !== null && { serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'console-files/' }),
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}

/** What holds for each bucket of the edge. */
const closed = ({ name }: Environment) => ({
  encryption: BucketEncryption.S3_MANAGED,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  versioned: true,
  removalPolicy: name === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
});
