import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';

type Scaling = Environment['api']['scaling'];

/** By the processor, as requirement 001 asks: a target that is kept, or its steps for production. */
export function scaleByCpu(
  scope: Construct,
  props: { target: scaling.ScalableTarget; service: ecs.FargateService; how: Scaling },
): void {
  const { target, service, how } = props;
  if (how.kind === 'steps') {
    new CpuSteps(scope, 'CpuSteps', { target, service, how });
    return;
  }
  target.scaleToTrackMetric('Cpu', {
    predefinedMetric: scaling.PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
    targetValue: how.cpuPercent,
    scaleOutCooldown: Duration.minutes(1),
    scaleInCooldown: Duration.minutes(5),
  });
}

type StepsProps = {
  target: scaling.ScalableTarget;
  service: ecs.FargateService;
  how: Extract<Scaling, { kind: 'steps' }>;
};

/**
 * One task more above a percentage for some minutes, one less below another for some more: each direction has its own alarm, because a
 * policy that is made of one metric has one number of minutes for both.
 */
class CpuSteps extends Construct {
  constructor(scope: Construct, id: string, { target, service, how }: StepsProps) {
    super(scope, id);
    const metric = service.metricCpuUtilization({ period: Duration.minutes(1), statistic: cloudwatch.Stats.AVERAGE });
    const add = this.#step(target, 'Add', 1);
    const remove = this.#step(target, 'Remove', -1);
    new cloudwatch.Alarm(this, 'Busy', {
      alarmDescription: 'The tasks are busy: one more',
      metric,
      threshold: how.addAbovePercent,
      evaluationPeriods: how.addAfterMinutes,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    }).addAlarmAction(new actions.ApplicationScalingAction(add));
    new cloudwatch.Alarm(this, 'Idle', {
      alarmDescription: 'The tasks are idle: one less',
      metric,
      threshold: how.removeBelowPercent,
      evaluationPeriods: how.removeAfterMinutes,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    }).addAlarmAction(new actions.ApplicationScalingAction(remove));
  }

  #step(scalingTarget: scaling.ScalableTarget, id: string, adjustment: 1 | -1): scaling.StepScalingAction {
    const action = new scaling.StepScalingAction(this, id, {
      scalingTarget,
      adjustmentType: scaling.AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: Duration.minutes(1),
      metricAggregationType: scaling.MetricAggregationType.AVERAGE,
    });
    action.addAdjustment(adjustment > 0 ? { adjustment, lowerBound: 0 } : { adjustment, upperBound: 0 });
    return action;
  }
}

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
