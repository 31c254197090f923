import { Duration } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Environment } from '../environment/schema.ts';
import { rollbackAlarmsOf } from '../observability/names.ts';
import { type Rollout, startGrace } from '../service/service.ts';

/**
 * How a release of the API reaches its clients: in development task by task; in staging all at once, after a test that no client sees; in
 * production a tenth of the requests for ten minutes first. Everywhere an alarm, or tasks that do not come up, bring the last release
 * back. ECS does this by itself; CodeDeploy is no longer recommended for it. A canary is requirement 001's blue/green with a first step.
 */
export function rolloutOf(environment: Environment, lifecycleHooks: ecs.IDeploymentLifecycleHookTarget[]): Rollout {
  const shared = {
    percent: { min: 100, max: 200 },
    healthCheckGracePeriod: startGrace,
    // By their names: alarms stand above the services that they watch.
    deploymentAlarms: { alarmNames: rollbackAlarmsOf(environment), behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM },
  };
  const strategies: Record<Environment['api']['deployment'], Partial<Rollout>> = {
    rolling: { deploymentStrategy: ecs.DeploymentStrategy.ROLLING },
    'blue-green': {
      deploymentStrategy: ecs.DeploymentStrategy.BLUE_GREEN,
      bakeTime: Duration.minutes(5),
      lifecycleHooks,
    },
    canary: {
      deploymentStrategy: ecs.DeploymentStrategy.CANARY,
      canaryConfiguration: { stepPercent: 10, stepBakeTime: Duration.minutes(10) },
      bakeTime: Duration.minutes(15),
      lifecycleHooks,
    },
  };
  return { ...shared, ...strategies[environment.api.deployment] };
}
