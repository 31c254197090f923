import { Stack } from 'aws-cdk-lib';
import type { Repository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { prefixOf } from '../names.ts';
import type { SecurityStack } from '../security/stack.ts';
import { after, PublishRole, publishRoleNameOf } from './publish-role.ts';
import { Images } from './repository.ts';
import { ImageScanning } from './scanning.ts';
import { ImageSigning } from './signing.ts';

/** The images of the programs: who may push them, how they are scanned, and who signs them. */
export class RegistryStack extends Stack {
  readonly repository: Repository;

  constructor(scope: Construct, { environment, deployment, security }: Place & { security: SecurityStack }) {
    super(scope, 'Registry', { terminationProtection: environment.name !== 'development' });
    const name = prefixOf(environment.name);
    const next = after[environment.name];
    this.repository = new Images(this, 'Images', {
      name,
      key: security.keys.data,
      publisher: `arn:aws:iam::${deployment.account}:role/${publishRoleNameOf(environment.name)}`,
      next: next === null ? null : { account: deployment.promotion.to, role: publishRoleNameOf(next) },
      isDisposable: environment.name === 'development',
    }).repository;
    new PublishRole(this, 'Publish', {
      environment: environment.name,
      deployment,
      provider: security.provider,
      repositoryArn: this.repository.repositoryArn,
    });
    new ImageScanning(this, 'Scanning', { repository: name, isContinuous: environment.name === 'production' });
    new ImageSigning(this, 'Signing', { repository: name });
  }
}
