import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { CpuSteps } from './cpu-steps.ts';

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
