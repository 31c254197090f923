import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';

type StepsProps = {
  target: scaling.ScalableTarget;
  service: ecs.FargateService;
  how: Extract<Environment['api']['scaling'], { kind: 'steps' }>;
};

/**
 * One task more above a percentage for some minutes, one less below another for some more: each direction has its own alarm, because a
 * policy that is made of one metric has one number of minutes for both.
 */
export class CpuSteps extends Construct {
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
