import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { accessLogsNameOf } from '../logging/names.ts';
import type { LoggingStack } from '../logging/stack.ts';
import type { RecoveryStack } from '../recovery/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import { type Area, objectBucketNameOf, signInsRoleNameOf } from './names.ts';
import { ObjectBucket } from './object-bucket.ts';
import { Replication } from './replication.ts';

/** What is kept for years: statements and the archive, each a bucket, so that each has rights of its own. */
export class StorageStack extends Stack {
  readonly statements: Bucket;
  readonly archive: Bucket;

  constructor(
    scope: Construct,
    props: Place & { security: SecurityStack; logging: LoggingStack; recovery: RecoveryStack | null },
  ) {
    const { environment, deployment, security, logging, recovery } = props;
    super(scope, 'Storage', { terminationProtection: environment.name !== 'development' });
    const { name } = environment;
    this.addStackDependency(logging, 'its log bucket and its trail come first');
    if (recovery !== null) this.addStackDependency(recovery, 'what is copied needs its place there first');

    const key = security.keys.objects;
    const accessLogs = Bucket.fromBucketName(this, 'AccessLogs', accessLogsNameOf(name, deployment));
    const copies = recovery && new Replication(this, 'Copies', { environment: name, deployment, key });
    const bucket = (id: string, area: Area, unconditional: string[]): Bucket =>
      new ObjectBucket(this, id, {
        name: objectBucketNameOf(name, deployment, area),
        environment,
        key,
        accessLogs,
        unconditional,
        ...(copies !== null && { copy: { role: copies.role, rule: copies.ruleFor(area) } }),
      }).bucket;
    this.statements = bucket('Statements', 'statements', []);
    const signIns = `arn:aws:iam::${deployment.account}:role/${signInsRoleNameOf(name)}`;
    this.archive = bucket('Archive', 'audit', [signIns]);
  }
}
