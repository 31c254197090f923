import { RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnFlowLog,
  FlowLog,
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  FlowLogResourceType,
  FlowLogTrafficType,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export type FlowLogsProps = {
  vpc: IVpc;
  key: IKey;
  /** The name of the bucket that gets them too, for questions over months. Null: none. */
  bucket: string | null;
  isDisposable: boolean;
};

/** Who connected to what, allowed or refused, each minute: kept for a year, as PCI DSS 10 asks of whatever shows an intrusion. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, { vpc, key, bucket, isDisposable }: FlowLogsProps) {
    super(scope, id);
    const group = new LogGroup(this, 'Group', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: key,
      removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.#record('Logs', vpc, FlowLogDestination.toCloudWatchLogs(group));
    if (bucket === null) return;
    const store = Bucket.fromBucketName(this, 'Bucket', bucket);
    // Not FlowLog: it writes these options in small letters, which CloudFormation does not know.
    new CfnFlowLog(this, 'Store', {
      resourceType: 'VPC',
      resourceId: vpc.vpcId,
      trafficType: FlowLogTrafficType.ALL,
      maxAggregationInterval: FlowLogMaxAggregationInterval.ONE_MINUTE,
      logDestinationType: 's3',
      logDestination: store.arnForObjects('flows'),
      destinationOptions: { FileFormat: 'plain-text', HiveCompatiblePartitions: true, PerHourPartition: false },
    });
  }

  #record(id: string, vpc: IVpc, destination: FlowLogDestination): void {
    new FlowLog(this, id, {
      resourceType: FlowLogResourceType.fromVpc(vpc),
      trafficType: FlowLogTrafficType.ALL,
      maxAggregationInterval: FlowLogMaxAggregationInterval.ONE_MINUTE,
      destination,
    });
  }
}
