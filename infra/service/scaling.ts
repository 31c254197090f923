import { TimeZone } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

export type TaskCountProps = {
  environment: Environment;
  deployment: Deployment;
  service: ecs.FargateService;
  serviceName: string;
  tasks: { min: number; max: number };
};

/** How many tasks a service has: between these two. What makes it more or less are the policies that are added. */
export class TaskCount extends Construct {
  readonly target: scaling.ScalableTarget;

  constructor(scope: Construct, id: string, { environment, deployment, service, serviceName, tasks }: TaskCountProps) {
    super(scope, id);
    const roleArn = `arn:aws:iam::${deployment.account}:role/${serviceLinkedRole}`;
    this.target = new scaling.ScalableTarget(this, 'Target', {
      serviceNamespace: scaling.ServiceNamespace.ECS,
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${prefixOf(environment.name)}/${serviceName}`,
      minCapacity: tasks.min,
      maxCapacity: tasks.max,
      role: iam.Role.fromRoleArn(this, 'Role', roleArn, { mutable: false }),
    });
    this.target.node.addDependency(service);
    if (environment.sleepsAtNight) sleepAtNight(this.target, tasks);
  }
}

/** Amazon's own role for this, which every account has. */
const serviceLinkedRole =
  'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService';

/** Nobody needs development from eight in the evening to seven in the morning, and at weekends. */
function sleepAtNight(target: scaling.ScalableTarget, { min, max }: { min: number; max: number }): void {
  const timeZone = TimeZone.EUROPE_BERLIN;
  target.scaleOnSchedule('Evening', {
    schedule: scaling.Schedule.cron({ minute: '0', hour: '20', weekDay: 'MON-FRI' }),
    timeZone,
    minCapacity: 0,
    maxCapacity: 0,
  });
  target.scaleOnSchedule('Morning', {
    schedule: scaling.Schedule.cron({ minute: '0', hour: '7', weekDay: 'MON-FRI' }),
    timeZone,
    minCapacity: min,
    maxCapacity: max,
  });
}
