import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import type { KeyPlace } from '../security/key-policy.ts';
import { copiesVaultNameOf } from '../storage/names.ts';

/** Days in which the lock can still be taken back; then nobody can, the account's root included. */
const daysToReconsider = 7;

/** The vault of backups that are copied here. What is in it cannot be deleted before its time. */
export class CopiesVault extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: KeyPlace & { environment: Environment; key: IKey }) {
    super(scope, id);
    const { environment, key, account, region } = props;
    const name = copiesVaultNameOf(environment.name);
    new BackupVault(this, 'Vault', {
      backupVaultName: name,
      encryptionKey: key,
      lockConfiguration: {
        minRetention: Duration.days(environment.recovery.backupDays),
        changeableFor: Duration.days(daysToReconsider),
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.arn = `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
  }
}
