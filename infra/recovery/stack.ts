import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { AccessLogs } from '../logging/access-logs.ts';
import { accessLogsNameOf } from '../logging/names.ts';
import { areas, objectBucketNameOf } from '../storage/names.ts';
import { ObjectBucket } from '../storage/object-bucket.ts';
import { CopiesKey } from './copies-key.ts';
import { CopiesVault } from './copies-vault.ts';

/**
 * What is there when the whole region is not: copies of every statement, of the archive and of the backups. Names differ by the
 * region only, so that a platform that is started here finds them; stacks of the first region know them by name, and this one needs
 * none of them.
 */
export class RecoveryStack extends Stack {
  readonly statementsCopyArn: string;
  readonly archiveCopyArn: string;
  readonly vaultArn: string;

  constructor(scope: Construct, { environment, deployment }: Place) {
    const { account, otherRegion: region } = deployment;
    super(scope, 'Recovery', { env: { account, region }, terminationProtection: true });
    const { name } = environment;
    const here = { account, region };
    const { key } = new CopiesKey(this, 'Key', { environment: name, ...here });
    const accessLogs = new AccessLogs(this, 'AccessLogs', {
      name: accessLogsNameOf(name, here),
      account,
      isDisposable: false,
    }).bucket;
    for (const area of areas)
      new ObjectBucket(this, ids[area], {
        name: objectBucketNameOf(name, here, area),
        environment,
        key,
        accessLogs,
      });
    const vault = new CopiesVault(this, 'Vault', { environment, key, ...here });
    this.statementsCopyArn = `arn:aws:s3:::${objectBucketNameOf(name, here, 'statements')}`;
    this.archiveCopyArn = `arn:aws:s3:::${objectBucketNameOf(name, here, 'audit')}`;
    this.vaultArn = vault.arn;
  }
}

const ids = { statements: 'Statements', audit: 'Archive' } as const;
