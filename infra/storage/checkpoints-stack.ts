import { Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import { AccessLogs } from '../logging/access-logs.ts';
import { storeAccess } from './access.ts';
import { checkpointsNameOf } from './names.ts';
import { ObjectBucket } from './object-bucket.ts';

/**
 * The second account's part: a bucket into which the newest checkpoint of the archive is put once a day. Who administers that account
 * deploys it, never the pipeline: with rights in the first account alone nobody can replace the history that was shown (docs/archive.md).
 * It is encrypted by S3's own keys: a checkpoint is public, and a key that somebody schedules for deletion would take the proof along.
 */
export class CheckpointsStack extends Stack {
  readonly bucket: Bucket;

  constructor(scope: Construct, { environment, deployment }: Place) {
    const { account } = deployment.checkpoints;
    super(scope, 'Checkpoints', {
      env: { account, region: deployment.region },
      terminationProtection: environment.name !== 'development',
    });
    const accessLogs = new AccessLogs(this, 'AccessLogs', {
      name: `${deployment.checkpoints.bucketPrefix}-access-logs`,
      account,
      isDisposable: environment.name === 'development',
    }).bucket;
    this.bucket = new ObjectBucket(this, 'Checkpoints', {
      name: checkpointsNameOf(deployment),
      environment,
      key: null,
      accessLogs,
    }).bucket;
    const [access] = storeAccess.records.filter(({ area }) => area === 'checkpoints');
    if (access === undefined) throw new Error('Nobody puts checkpoints.');
    this.#allow(deployment.account, [...access.bucket], this.bucket.bucketArn);
    this.#allow(deployment.account, [...access.objects], this.bucket.arnForObjects('*'));
  }

  /** The first account may let a role of its own do this, and nothing else: what is there it cannot change, hide or end. */
  #allow(account: string, actions: string[], resource: string): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({ principals: [new AccountPrincipal(account)], actions, resources: [resource] }),
    );
  }
}
