import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { accessLogsNameOf } from '../logging/names.ts';

type BalancerProps = { environment: EnvironmentName; deployment: Deployment; vpc: ec2.IVpc; group: ec2.ISecurityGroup };

/** The balancer: without a public address, reached by CloudFront alone. What is not exactly HTTP does not pass. */
export class Balancer extends Construct {
  readonly balancer: elbv2.ApplicationLoadBalancer;

  constructor(scope: Construct, id: string, { environment, deployment, vpc, group }: BalancerProps) {
    super(scope, id);
    this.balancer = new elbv2.ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: { subnetGroupName: 'private' },
      internetFacing: false,
      securityGroup: group,
      crossZoneEnabled: true,
      deletionProtection: environment !== 'development',
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      http2Enabled: true,
      // Longer than the API takes for any answer, shorter than it keeps an idle connection.
      idleTimeout: Duration.seconds(60),
    });
    // By name: who refers to the bucket would write into its policy, which is in the stack of logs and names the balancer's account.
    const logs = s3.Bucket.fromBucketName(this, 'AccessLogs', accessLogsNameOf(environment, deployment));
    this.balancer.logAccessLogs(logs, 'balancer');
  }
}
