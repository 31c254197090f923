import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf } from '../names.ts';
import { useKey } from '../service/statements.ts';

export type SmokeKeyProps = { environment: EnvironmentName; deployment: Deployment; key: kms.IKey };

/**
 * The key of the tenant that exists for the smoke test. An operator's command makes tenant and key and puts the key here, so nobody sees it;
 * the test of a release reads it, and nothing else does.
 */
export class SmokeKey extends Construct {
  readonly secret: secretsmanager.Secret;
  readonly #props: SmokeKeyProps;

  constructor(scope: Construct, id: string, props: SmokeKeyProps) {
    super(scope, id);
    this.#props = props;
    this.secret = new secretsmanager.Secret(this, 'Secret', {
      secretName: pathOf(props.environment, 'smoke-key'),
      description: 'The key of the tenant that exists for the smoke test: two accounts, a cent at most',
      encryptionKey: props.key,
    });
  }

  /** What puts the key here may do. It cannot read the one that is there. */
  written(): iam.PolicyStatement[] {
    return this.#statements('secretsmanager:PutSecretValue', ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /** What reads it may do. */
  read(): iam.PolicyStatement[] {
    return this.#statements('secretsmanager:GetSecretValue', ['kms:Decrypt']);
  }

  #statements(action: string, actions: string[]): iam.PolicyStatement[] {
    const { deployment, key } = this.#props;
    return [
      new iam.PolicyStatement({ actions: [action], resources: [this.secret.secretArn] }),
      useKey(deployment, { keyArn: key.keyArn, service: 'secretsmanager', actions }),
    ];
  }
}
