import { Stack } from 'aws-cdk-lib';
import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment, EnvironmentName } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { cdkRolesOf } from './deploy-role.ts';
import { githubReader, sessionMax } from './github.ts';

/**
 * Who only looks: the comparison of a pull request with what is deployed, and the nightly one. It needs no approval, so it can change
 * nothing: it becomes the role of the CDK's bootstrap that reads.
 */
export class DiffRole extends Construct {
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    props: { environment: Environment; deployment: Deployment; provider: IOidcProvider },
  ) {
    super(scope, id);
    const { environment, deployment, provider } = props;
    const { account, region } = deployment;
    this.role = new Role(this, 'Role', {
      roleName: diffRoleNameOf(environment.name),
      description: 'The pipeline compares what is declared with what is deployed.',
      assumedBy: githubReader(provider, deployment),
      maxSessionDuration: sessionMax,
      managedPolicies: [
        new ManagedPolicy(this, 'Look', {
          description: 'Becomes the role of the CDK bootstrap that looks up, and reads which workers live.',
          statements: [
            new PolicyStatement({
              actions: ['sts:AssumeRole', 'sts:TagSession'],
              resources: cdkRolesOf(environment, deployment, Stack.of(this).synthesizer.bootstrapQualifier).filter(
                (arn) => arn.includes('-lookup-role-'),
              ),
            }),
            new PolicyStatement({
              actions: ['ssm:GetParameter'],
              resources: [`arn:aws:ssm:${region}:${account}:parameter${pathOf(environment.name, 'workers/versions')}`],
            }),
          ],
        }),
      ],
    });
  }
}

export const diffRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-diff`;
