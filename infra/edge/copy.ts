import { Stack } from 'aws-cdk-lib';
import { type IOrigin, S3OriginAccessControl } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { bucketPrefixOf } from '../names.ts';
import { ConsoleFiles } from './console-files.ts';

/**
 * The console's files once more, in the second region (production). A release puts them into both buckets. A stack of its own, because a
 * stack has one region. The policy lets distributions of this account read, and not one of them by its id: the distribution stands
 * above this bucket and names it.
 */
export class ConsoleCopyStack extends Stack {
  readonly bucketName: string;

  constructor(scope: Construct, { environment, deployment }: Place) {
    const { account, otherRegion: region } = deployment;
    super(scope, 'ConsoleCopy', { env: { account, region }, terminationProtection: true });
    const { bucket } = new ConsoleFiles(this, 'ConsoleFiles', { environment, logs: null });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.bucketName = `${bucketPrefixOf(environment.name, account, region)}-console`;
  }
}

/** The copy as an origin of a distribution of another region: by its name, which is known. */
export function copyOrigin(scope: Construct, copy: ConsoleCopyStack): IOrigin {
  const bucket = Bucket.fromBucketAttributes(scope, 'Copy', { bucketName: copy.bucketName, region: copy.region });
  return S3BucketOrigin.withOriginAccessControl(bucket, {
    originId: 'console-copy',
    originAccessControl: new S3OriginAccessControl(scope, 'CopyAccess'),
  });
}
