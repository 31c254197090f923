import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { releaseRoleNameOf } from '../security/release-role.ts';
import type { Program } from './task.ts';

export type ReleaseRunProps = {
  environment: Environment;
  cluster: ecs.ICluster;
  program: Program;
  /** More that the pipeline may do because of this task. */
  statements?: readonly iam.PolicyStatement[];
  /** Absent: the revision of this stack. A family where the pipeline makes revisions of its own. */
  taskDefinitionArn?: string;
};

/**
 * That the pipeline may run this task and read its log. It stands beside the task, whose revision and roles are known here alone: the role of
 * releases is made in Security and gets each right from the stack that it is about.
 */
export class ReleaseRun extends Construct {
  constructor(scope: Construct, id: string, props: ReleaseRunProps) {
    super(scope, id);
    const {
      environment,
      cluster,
      program,
      statements = [],
      taskDefinitionArn = program.task.taskDefinitionArn,
    } = props;
    new iam.ManagedPolicy(this, 'Policy', {
      description: `The pipeline runs the task ${program.props.name} and reads its log.`,
      roles: [iam.Role.fromRoleName(this, 'Role', releaseRoleNameOf(environment.name))],
      statements: [
        new iam.PolicyStatement({
          sid: 'RunTheTask',
          actions: ['ecs:RunTask'],
          resources: [taskDefinitionArn],
          conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
        }),
        new iam.PolicyStatement({
          sid: 'WithItsRoles',
          actions: ['iam:PassRole'],
          resources: [program.task.obtainExecutionRole().roleArn, program.task.taskRole.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
        new iam.PolicyStatement({
          sid: 'ReadItsLog',
          actions: ['logs:GetLogEvents'],
          resources: [program.log.logGroupArn],
        }),
        ...statements,
      ],
    });
  }
}
