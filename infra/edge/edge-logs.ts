import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { bucketPrefixOf } from '../names.ts';
import { closed } from './closed-bucket.ts';

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
