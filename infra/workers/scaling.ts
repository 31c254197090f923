import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { backlogMetrics, namespaceOf, slotMetric } from '../observability/names.ts';
import { queueOf, type WorkerKind, workerRoles } from './kinds.ts';

type BacklogProps = {
  environment: EnvironmentName;
  kind: WorkerKind;
  /** The name of the service in the cluster. */
  serviceName: string;
  target: scaling.ScalableTarget;
};

/** Tasks that wait, for each task of ours. */
const backlogPerTask = 50;
/** Which part of its slots a worker uses when it is one too few. */
const slotsUsed = 0.7;
/** How old the oldest may be before one more worker starts, whatever the number. */
const ageSeconds = 30;

/**
 * By what waits in Temporal's task queues: how many tasks for each worker, and how old the oldest is; and by the slots that are used, before
 * anything waits. Depth alone, which requirement 002
 * asks for, says nothing of a queue whose tasks are slow; and by the processor comes last, for work that is counted nowhere.
 */
export class BacklogScaling extends Construct {
  constructor(scope: Construct, id: string, { environment, kind, serviceName, target }: BacklogProps) {
    super(scope, id);
    new scaling.CfnScalingPolicy(this, 'PerTask', {
      policyName: 'backlog-per-task',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: backlogPerTask,
        // Out at once, in slowly: a backlog comes in bursts.
        scaleOutCooldown: 30,
        scaleInCooldown: 300,
        customizedMetricSpecification: {
          metrics: [
            // Several publish the same figure, so it is never added up.
            stat('backlog', 'Maximum', {
              namespace: namespaceOf(environment),
              metricName: backlogMetrics.count,
              dimensions: [{ name: 'service', value: kind }],
            }),
            stat('tasks', 'Average', {
              namespace: 'ECS/ContainerInsights',
              metricName: 'RunningTaskCount',
              dimensions: [
                { name: 'ClusterName', value: prefixOf(environment) },
                { name: 'ServiceName', value: serviceName },
              ],
            }),
            // One where Temporal holds tasks back because their queue has a limit: more workers would get no more of them.
            stat('limited', 'Maximum', {
              namespace: namespaceOf(environment),
              metricName: backlogMetrics.isLimited,
              dimensions: [{ name: 'service', value: kind }],
            }),
            { id: 'each', expression: 'backlog / FILL(tasks, 1)', returnData: false },
            {
              id: 'wanted',
              label: 'Tasks that wait, for each worker',
              expression: `IF(FILL(limited, 0) > 0 AND each > ${backlogPerTask}, ${backlogPerTask}, each)`,
              returnData: true,
            },
          ],
        },
      },
    });
    this.#byAge(environment, kind, target);
    this.#bySlots(environment, kind, target);
    target.scaleToTrackMetric('Cpu', {
      predefinedMetric: scaling.PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
      targetValue: 70,
      scaleOutCooldown: Duration.minutes(1),
      scaleInCooldown: Duration.minutes(5),
    });
  }

  /** By how much of its slots a worker uses, before anything waits: of its queues the busiest counts. */
  #bySlots(environment: EnvironmentName, kind: WorkerKind, target: scaling.ScalableTarget): void {
    const queues = workerRoles[kind].map((role, index) =>
      stat(`queue${index}`, 'Average', {
        namespace: namespaceOf(environment),
        metricName: slotMetric,
        dimensions: [{ name: 'queue', value: queueOf(role) }],
      }),
    );
    new scaling.CfnScalingPolicy(this, 'Slots', {
      policyName: 'slots-used',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: slotsUsed,
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
        customizedMetricSpecification: {
          metrics: [
            ...queues,
            {
              id: 'busiest',
              label: 'Slots that are used',
              expression: `MAX([${queues.map(({ id }) => id).join(', ')}])`,
              returnData: true,
            },
          ],
        },
      },
    });
  }

  #byAge(environment: EnvironmentName, kind: WorkerKind, scalingTarget: scaling.ScalableTarget): void {
    const add = new scaling.StepScalingAction(this, 'Add', {
      scalingTarget,
      adjustmentType: scaling.AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: Duration.minutes(1),
      metricAggregationType: scaling.MetricAggregationType.MAXIMUM,
    });
    add.addAdjustment({ adjustment: 1, lowerBound: 0 });
    new cloudwatch.Alarm(this, 'Old', {
      alarmDescription: 'The oldest task of a queue waits for too long: one more worker',
      metric: new cloudwatch.Metric({
        namespace: namespaceOf(environment),
        metricName: backlogMetrics.ageSeconds,
        dimensionsMap: { service: kind },
        statistic: cloudwatch.Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: ageSeconds,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new actions.ApplicationScalingAction(add));
  }
}

type Named = { namespace: string; metricName: string; dimensions: { name: string; value: string }[] };

const stat = (id: string, statistic: string, metric: Named) => ({
  id,
  returnData: false,
  metricStat: { stat: statistic, metric },
});
