import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Program } from './task.ts';

/** How tasks of a service are replaced. What is not here is the same for all. */
export type Rollout = Pick<
  ecs.FargateServiceProps,
  | 'deploymentStrategy'
  | 'canaryConfiguration'
  | 'bakeTime'
  | 'deploymentAlarms'
  | 'lifecycleHooks'
  | 'healthCheckGracePeriod'
  | 'cloudMapOptions'
> & {
  /** Percent of the tasks that must live, and that there may be, while they are replaced. */
  percent: { min: number; max: number };
};

export type ServiceOptions = Rollout & {
  cluster: ecs.ICluster;
  /** The name in the cluster, for alarms and for who looks. */
  serviceName: string;
  /** The security group. All its rules are in network/security-groups.ts. */
  group: ec2.ISecurityGroup;
  /** Whether all but the first task run on Spot, at a third of the price, and may be taken away with two minutes' notice. */
  spot: boolean;
  /** Whether people with the right to may open a session into a task, to reach a port of it. */
  canOpenSession?: boolean;
};

/**
 * A service of one program, in the private subnets of both zones, without a public address. It says nothing of how many tasks there are:
 * that belongs to the scaling, and a number here would set it back with each deployment (aws/aws-cdk#3919).
 */
export function createService(
  program: Program,
  { spot, group, percent, canOpenSession = false, ...options }: ServiceOptions,
): ecs.FargateService {
  return new ecs.FargateService(program, 'Service', {
    ...options,
    taskDefinition: program.task,
    securityGroups: [group],
    vpcSubnets: { subnetGroupName: 'private' },
    assignPublicIp: false,
    platformVersion: ecs.FargatePlatformVersion.LATEST,
    minHealthyPercent: percent.min,
    maxHealthyPercent: percent.max,
    // After the loss of a zone its tasks are in the other one; this brings them back. It needs room for one task more while it moves.
    availabilityZoneRebalancing:
      percent.max > 100 ? ecs.AvailabilityZoneRebalancing.ENABLED : ecs.AvailabilityZoneRebalancing.DISABLED,
    capacityProviderStrategies: spot ? spotStrategy : fargateStrategy,
    // Tasks that do not come up are not tried without an end: the last revision that worked comes back.
    circuitBreaker: { enable: true, rollback: true },
    // A shell in a task would need a root filesystem that can be written to. The log says what happens in it.
    enableExecuteCommand: canOpenSession,
    enableECSManagedTags: true,
    propagateTags: ecs.PropagatedTagSource.SERVICE,
  });
}

const fargateStrategy: ecs.CapacityProviderStrategy[] = [{ capacityProvider: 'FARGATE', weight: 1 }];

/** The first task is on demand, so that a service never ends with Spot. */
const spotStrategy: ecs.CapacityProviderStrategy[] = [
  { capacityProvider: 'FARGATE', base: 1, weight: 1 },
  { capacityProvider: 'FARGATE_SPOT', weight: 4 },
];

/** How long a task may be unhealthy at the balancer after its start. */
export const startGrace = Duration.seconds(60);
