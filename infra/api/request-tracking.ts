import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** Requests of one task in a minute that are comfortable: a guess. The benchmark has run on no task of this size. */
const requestsPerTask = 3_000;

/**
 * By requests too. While a release runs, the mean of the processor counts both sets of tasks and halves; requests per task of both sets
 * together do not. Only a policy that is written out may add up metrics (aws-cdk-lib refuses it in its own).
 */
export class RequestTracking extends Construct {
  constructor(scope: Construct, id: string, { target, blue, green }: RequestProps) {
    super(scope, id);
    new scaling.CfnScalingPolicy(this, 'Policy', {
      policyName: 'requests-per-task',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: requestsPerTask,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        customizedMetricSpecification: {
          metrics: [
            requestsOf('blue', blue),
            requestsOf('green', green),
            { id: 'both', label: 'Requests per task', expression: 'FILL(blue, 0) + FILL(green, 0)', returnData: true },
          ],
        },
      },
    });
  }
}

type RequestProps = {
  target: scaling.ScalableTarget;
  blue: elbv2.ApplicationTargetGroup;
  green: elbv2.ApplicationTargetGroup;
};

const requestsOf = (id: string, group: elbv2.ApplicationTargetGroup) => ({
  id,
  returnData: false,
  metricStat: {
    stat: 'Sum',
    metric: {
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCountPerTarget',
      dimensions: [{ name: 'TargetGroup', value: group.targetGroupFullName }],
    },
  },
});
