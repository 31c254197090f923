import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { boundaryNameOf } from '../names.ts';
import { beyondBoundary, boundaryServices } from './boundary-services.ts';

/**
 * The ceiling above every role of the environment: it gives nothing, and what is not in it no policy can give. It speaks of services,
 * because each role states its few actions itself; who is who, what watches the account, and a service that is new tomorrow are outside.
 */
export class Boundary extends Construct {
  readonly policy: ManagedPolicy;

  constructor(
    scope: Construct,
    id: string,
    { environment, account }: { environment: EnvironmentName; account: string },
  ) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: boundaryNameOf(environment),
      description: 'The most that any role of this environment can be allowed. It gives nothing.',
      statements: [
        new PolicyStatement({
          sid: 'Ceiling',
          actions: Object.keys(boundaryServices).map((service) => `${service}:*`),
          resources: ['*'],
        }),
        new PolicyStatement({ sid: 'Beyond', effect: Effect.DENY, actions: [...beyondBoundary], resources: ['*'] }),
        new PolicyStatement({
          sid: 'StartTasks',
          actions: ['iam:PassRole'],
          resources: [`arn:aws:iam::${account}:role/*`],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
        new PolicyStatement({
          sid: 'Deploy',
          actions: ['sts:AssumeRole', 'sts:TagSession'],
          resources: [`arn:aws:iam::${account}:role/cdk-*`],
        }),
      ],
    });
  }
}
