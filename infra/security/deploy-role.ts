import { Stack } from 'aws-cdk-lib';
import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { githubPrincipal, sessionMax } from './github.ts';

/**
 * Who deploys: the pipeline, as long as its job runs. It may become the roles that the CDK's bootstrap made, whose rights are those
 * of CloudFormation under the policy that the bootstrap was given; by itself it looks at its stacks and keeps the list of live workers.
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
      description: 'The pipeline deploys: it may become the roles of the CDK, and look at its stacks.',
      assumedBy: githubPrincipal(provider, environment.name, deployment),
      maxSessionDuration: sessionMax,
      managedPolicies: [
        new ManagedPolicy(this, 'BecomeCdk', {
          description:
            'Becomes the roles of the CDK bootstrap that deploy, publish files and look up; keeps the list of live workers.',
          statements: [
            new PolicyStatement({
              actions: ['sts:AssumeRole', 'sts:TagSession'],
              resources: cdkRolesOf(environment, deployment, Stack.of(this).synthesizer.bootstrapQualifier),
            }),
            new PolicyStatement({
              actions: ['ssm:GetParameter', 'ssm:PutParameter'],
              resources: [versionsOf(environment, deployment)],
            }),
            new PolicyStatement({
              actions: ['cloudformation:DescribeStacks'],
              resources: stacksOf(environment, deployment),
            }),
          ],
        }),
      ],
    });
  }
}

/** The list of live versions of the workers, which a deployment is made from. */
export const versionsOf = ({ name }: Environment, { account, region }: Deployment): string =>
  `arn:aws:ssm:${region}:${account}:parameter${pathOf(name, 'workers/versions')}`;

/** The stacks of the environment, in each of its regions: a part of their ARN is made when they are. */
export const stacksOf = (environment: Environment, deployment: Deployment): string[] =>
  regionsOf(environment, deployment).map(
    (region) => `arn:aws:cloudformation:${region}:${deployment.account}:stack/${environment.name}-*`,
  );

export const deployRoleNameOf = ({ name }: Environment): string => `${prefixOf(name)}-deploy`;

/** Every region that has a stack: ours, the edge's, and that of the copies. */
const regionsOf = ({ recovery }: Environment, { region, otherRegion }: Deployment): string[] => [
  ...new Set([region, 'us-east-1', ...(recovery.otherRegion ? [otherRegion] : [])]),
];

/** The roles of the CDK's bootstrap in each of them. */
export const cdkRolesOf = (environment: Environment, deployment: Deployment, qualifier = 'hnb659fds'): string[] =>
  regionsOf(environment, deployment).flatMap((place) =>
    ['deploy', 'file-publishing', 'lookup'].map(
      (work) => `arn:aws:iam::${deployment.account}:role/cdk-${qualifier}-${work}-role-${deployment.account}-${place}`,
    ),
  );
