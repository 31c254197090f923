import { Stack } from 'aws-cdk-lib';
import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { githubPrincipal, sessionMax } from './github.ts';

/**
 * Who deploys: the pipeline, as long as its job runs. It may only become the roles that the CDK's bootstrap made, whose rights are those
 * of CloudFormation under the policy that the bootstrap was given; it can touch nothing by itself.
 */
export class DeployRole extends Construct {
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    props: { environment: Environment; deployment: Deployment; provider: IOidcProvider },
  ) {
    super(scope, id);
    const { environment, deployment, provider } = props;
    this.role = new Role(this, 'Role', {
      roleName: deployRoleNameOf(environment),
      description: 'The pipeline deploys: it may become the roles of the CDK, and nothing else.',
      assumedBy: githubPrincipal(provider, environment.name, deployment),
      maxSessionDuration: sessionMax,
      managedPolicies: [
        new ManagedPolicy(this, 'BecomeCdk', {
          description: 'Becomes the roles of the CDK bootstrap that deploy, publish files and look up.',
          statements: [
            new PolicyStatement({
              actions: ['sts:AssumeRole', 'sts:TagSession'],
              resources: cdkRolesOf(environment, deployment, Stack.of(this).synthesizer.bootstrapQualifier),
            }),
          ],
        }),
      ],
    });
  }
}

export const deployRoleNameOf = ({ name }: Environment): string => `${prefixOf(name)}-deploy`;

/** Every region that has a stack: ours, the edge's, and that of the copies. */
export function cdkRolesOf(
  { recovery }: Environment,
  { account, region, otherRegion }: Deployment,
  qualifier = 'hnb659fds',
): string[] {
  const regions = [...new Set([region, 'us-east-1', ...(recovery.otherRegion ? [otherRegion] : [])])];
  return regions.flatMap((place) =>
    ['deploy', 'file-publishing', 'lookup'].map(
      (work) => `arn:aws:iam::${account}:role/cdk-${qualifier}-${work}-role-${account}-${place}`,
    ),
  );
}
