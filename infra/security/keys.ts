import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { type KeyPlace, keyPolicy } from './key-policy.ts';
import { keyUses, type Purpose, purposes } from './key-uses.ts';

/** The symmetric keys of an environment, one a purpose, each with a new secret every year. */
export class Keys extends Construct {
  readonly of: Readonly<Record<Purpose, Key>>;

  constructor(scope: Construct, id: string, { environment, ...place }: KeyPlace & { environment: EnvironmentName }) {
    super(scope, id);
    const make = (purpose: Purpose): Key =>
      new Key(this, purpose, {
        alias: keyAliasOf(environment, purpose),
        description: `Quittance, ${environment}: ${keyUses[purpose].meaning}`,
        policy: keyPolicy(keyUses[purpose], place),
        enableKeyRotation: true,
        // What a key encrypted cannot be read without it: no stack takes one along.
        removalPolicy: RemovalPolicy.RETAIN,
      });
    this.of = Object.fromEntries(purposes.map((purpose) => [purpose, make(purpose)])) as Record<Purpose, Key>;
  }
}

/** The name by which people and statements find a key: its id is known only after it was made. */
export const keyAliasOf = (environment: EnvironmentName, purpose: Purpose | 'archive-signing' | 'copies'): string =>
  `quittance/${environment}/${purpose}`;
