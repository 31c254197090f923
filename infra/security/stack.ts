import { Stack } from 'aws-cdk-lib';
import type { IOidcProvider, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { Boundary } from './boundary.ts';
import { DeployRole } from './deploy-role.ts';
import { DiffRole } from './diff-role.ts';
import { githubProvider } from './github.ts';
import { Governance } from './governance.ts';
import type { Purpose } from './key-uses.ts';
import { Keys } from './keys.ts';
import { ReleaseRole } from './release-role.ts';
import { SigningKey } from './signing-key.ts';

/** What everything else is protected by: the keys, the ceiling of all roles, who may deploy, and who watches the account. */
export class SecurityStack extends Stack {
  readonly keys: Readonly<Record<Purpose, Key>>;
  readonly signing: CfnKey;
  readonly boundary: ManagedPolicy;
  readonly provider: IOidcProvider;
  readonly deployRole: Role;

  constructor(scope: Construct, { environment, deployment }: Place) {
    super(scope, 'Security', { terminationProtection: environment.name !== 'development' });
    const { account, region } = deployment;
    const here = { environment: environment.name, account, region };
    this.keys = new Keys(this, 'Keys', here).of;
    this.signing = new SigningKey(this, 'ArchiveSigning', here).key;
    this.boundary = new Boundary(this, 'Boundary', here).policy;
    this.provider = githubProvider(this);
    const pipeline = { environment, deployment, provider: this.provider };
    this.deployRole = new DeployRole(this, 'Deploy', pipeline).role;
    new ReleaseRole(this, 'Release', pipeline);
    new DiffRole(this, 'Diff', pipeline);
    if (environment.governance === 'own') new Governance(this, 'Governance', here);
  }
}
