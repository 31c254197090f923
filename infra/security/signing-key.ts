import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { administration, neverDeleted } from './key-policy.ts';
import { keyAliasOf } from './keys.ts';

/**
 * The key that signs the archive's checkpoints: Ed25519, made in KMS and never outside of it, so who takes over a worker can sign as
 * long as they are in it and takes no key along. What it signed is verified with its public half for decades, so it is never deleted,
 * and KMS does not rotate such keys: docs/how-to/rotate-the-archive-key.md is how.
 */
export class SigningKey extends Construct {
  readonly key: CfnKey;

  constructor(
    scope: Construct,
    id: string,
    { environment, account }: { environment: EnvironmentName; account: string },
  ) {
    super(scope, id);
    this.key = new CfnKey(this, 'Key', {
      description: `Quittance, ${environment}: signs the archive`,
      keySpec: 'ECC_NIST_EDWARDS25519',
      keyUsage: 'SIGN_VERIFY',
      keyPolicy: new PolicyDocument({ statements: [administration(true), signing(account), neverDeleted()] }),
    });
    this.key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnAlias(this, 'Alias', {
      aliasName: `alias/${keyAliasOf(environment, 'archive-signing')}`,
      targetKeyId: this.key.attrKeyId,
    });
  }
}

const signing = (account: string): PolicyStatement =>
  new PolicyStatement({
    sid: 'SignByRoles',
    principals: [new AccountRootPrincipal()],
    actions: ['kms:Sign', 'kms:Verify'],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': account,
        'kms:SigningAlgorithm': 'ED25519_SHA_512',
        // A checkpoint is shorter than 4 KB and is signed as it is: what verifiers of Ed25519 expect.
        'kms:MessageType': 'RAW',
      },
    },
  });
