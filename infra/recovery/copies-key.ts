import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { type KeyPlace, keyPolicy } from '../security/key-policy.ts';
import { keyAliasOf } from '../security/keys.ts';

/** The key of the copies. One of this region: a copy whose key is in the lost region could not be read. */
export class CopiesKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { environment, ...place }: KeyPlace & { environment: EnvironmentName }) {
    super(scope, id);
    const meaning = 'copies of statements, archive and backups';
    this.key = new Key(this, 'Key', {
      alias: keyAliasOf(environment, 'copies'),
      description: `Quittance, ${environment}: ${meaning}`,
      policy: keyPolicy({ meaning, through: ['s3', 'backup', 'rds'], isLent: true, services: [], isKept: true }, place),
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
