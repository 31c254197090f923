import { Stack } from 'aws-cdk-lib';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/**
 * A row for each request at the edge, by CloudFront's second kind of logging: the first one writes cookies and needs a bucket with
 * access lists. There are no cookies and no queries in it, because these name people and accounts; keys are in no field.
 */
export class AccessLog extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: { environment: EnvironmentName; distributionId: string; bucket: IBucket },
  ) {
    super(scope, id);
    const name = `${prefixOf(props.environment)}-edge`;
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: `arn:aws:cloudfront::${Stack.of(this).account}:distribution/${props.distributionId}`,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      outputFormat: 'json',
      destinationResourceArn: props.bucket.bucketArn,
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: [...recordFields],
      s3SuffixPath: 'distribution/{yyyy}/{MM}/{dd}/{HH}',
    });
    delivery.addResourceDependency(source);
    // It is tried when it is made, so the bucket's policy must be there.
    delivery.node.addDependency(props.bucket);
  }
}

const recordFields = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs-uri-stem',
  'sc-status',
  'cs(User-Agent)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'ssl-protocol',
  'ssl-cipher',
  'cs-protocol-version',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
] as const;
