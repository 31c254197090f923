import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/**
 * One of the two sets of tasks. `/health` answers as long as the database does, whatever else is away: a cache or a reader that is down
 * must not take every task out of service. Figures as in requirements 000, 001 and 003.
 */
export class TargetGroup extends Construct {
  readonly group: elbv2.ApplicationTargetGroup;

  constructor(scope: Construct, id: string, { vpc, port }: { vpc: ec2.IVpc; port: number }) {
    super(scope, id);
    this.group = new elbv2.ApplicationTargetGroup(this, 'Group', {
      vpc,
      port,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targetType: elbv2.TargetType.IP,
      // Requests in flight are answered within these; the API stops taking new ones when it is told to end.
      deregistrationDelay: Duration.seconds(30),
      // By the fewest requests in flight: a task that is slow gets fewer.
      loadBalancingAlgorithmType: elbv2.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      // Sessions are rows, so any task answers any request; a client that sticks to one would spoil the weights of a canary.
      healthCheck: {
        enabled: true,
        protocol: elbv2.Protocol.HTTP,
        path: '/health',
        healthyHttpCodes: '200',
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  }
}
