import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export type AccessLogsProps = { name: string; account: string; isDisposable: boolean };

/** Longer than a year, so that a year is always there. */
const kept = Duration.days(400);

/**
 * Where AWS delivers its logs of access. It is encrypted by S3's own keys, and without Object Lock: delivery knows neither KMS keys of ours
 * nor locks. Its policy lets every deliverer of this account in at once, so that no stack above has to write into it.
 */
export class AccessLogs extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { name, account, isDisposable }: AccessLogsProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: name,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        { id: 'year', expiration: kept, noncurrentVersionExpiration: Duration.days(30) },
        { id: 'uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    for (const statement of delivery(this.bucket, account)) this.bucket.addToResourcePolicy(statement);
  }
}

/** Who delivers, and where to. `aws:SourceAccount`: the service could otherwise be made to deliver another account's logs here. */
function delivery(bucket: Bucket, account: string): PolicyStatement[] {
  const own = { 'aws:SourceAccount': account };
  const asOwner = { 's3:x-amz-acl': 'bucket-owner-full-control' };
  const allow = (service: string, actions: string[], resource: string, StringEquals: Record<string, string>) =>
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions,
      resources: [resource],
      conditions: { StringEquals },
    });
  const look = ['s3:GetBucketAcl', 's3:ListBucket'];
  const put = ['s3:PutObject'];
  return [
    allow('logging.s3.amazonaws.com', put, bucket.arnForObjects('buckets/*'), own),
    allow('logdelivery.elasticloadbalancing.amazonaws.com', put, bucket.arnForObjects(`*/AWSLogs/${account}/*`), own),
    allow('delivery.logs.amazonaws.com', look, bucket.bucketArn, own),
    allow('delivery.logs.amazonaws.com', put, bucket.arnForObjects('*'), { ...own, ...asOwner }),
    allow('config.amazonaws.com', look, bucket.bucketArn, own),
    allow('config.amazonaws.com', put, bucket.arnForObjects(`config/AWSLogs/${account}/Config/*`), {
      ...own,
      ...asOwner,
    }),
  ];
}
