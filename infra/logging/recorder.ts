import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config';
import { CfnServiceLinkedRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * How every resource was configured, and when that changed: what Security Hub's standards judge. It stands here and not in Security,
 * because AWS Config writes into the bucket before it answers, and the bucket comes after the keys.
 */
export class Recorder extends Construct {
  constructor(scope: Construct, id: string, { account, bucketName }: { account: string; bucketName: string }) {
    super(scope, id);
    const role = new CfnServiceLinkedRole(this, 'Role', { awsServiceName: 'config.amazonaws.com' });
    const recorder = new CfnConfigurationRecorder(this, 'Recorder', {
      name: 'quittance',
      roleArn: `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: { recordingFrequency: 'CONTINUOUS' },
    });
    recorder.addResourceDependency(role);
    const channel = new CfnDeliveryChannel(this, 'Channel', {
      name: 'quittance',
      s3BucketName: bucketName,
      s3KeyPrefix: 'config',
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    channel.addResourceDependency(role);
  }
}
