import { Stack } from 'aws-cdk-lib';
import type { UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import type { LoggingStack } from '../logging/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import { People } from './people.ts';
import { SignInEvents } from './sign-in-events.ts';

/** Who may use the console, and the record of who did. */
export class IdentityStack extends Stack {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly signInEvents: CfnDeliveryStream;

  constructor(scope: Construct, props: Place & { security: SecurityStack; logging: LoggingStack }) {
    const { environment, deployment, security } = props;
    super(scope, 'Identity', { terminationProtection: environment.name !== 'development' });
    const { account, region, domain } = deployment;
    const people = new People(this, 'People', { environment: environment.name, account, domain });
    const events = new SignInEvents(this, 'SignInEvents', {
      environment,
      account,
      region,
      userPoolId: people.pool.userPoolId,
      keys: security.keys,
    });
    this.pool = people.pool;
    this.client = people.client;
    this.signInEvents = events.stream;
  }
}
