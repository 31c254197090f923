import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

export type BackupsProps = {
  environment: Environment;
  key: kms.IKey;
  /** What is backed up. */
  databaseArns: readonly string[];
  /** The vault of the second region. Null: there is none. */
  copyVaultArn: string | null;
};

/**
 * Backups beside those that the database makes of itself: in a vault whose contents cannot be deleted before their time, each day for 35
 * days; in production each month for seven years, and a copy in a second region. Aurora's backups have no cold storage, so they stay where
 * they are.
 */
export class Backups extends Construct {
  readonly vault: backup.BackupVault;

  constructor(scope: Construct, id: string, { environment, key, databaseArns, copyVaultArn }: BackupsProps) {
    super(scope, id);
    const { backupDays, testedMonthly, otherRegion } = environment.recovery;
    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: prefixOf(environment.name),
      encryptionKey: key,
      removalPolicy: RemovalPolicy.RETAIN,
      lockConfiguration: {
        minRetention: Duration.days(environment.name === 'production' ? backupDays : 1),
        maxRetention: Duration.days(monthlyDays),
        // After these days the lock can be taken off by nobody. Elsewhere it can, by who administers the account.
        ...(environment.name === 'production' && { changeableFor: Duration.days(3) }),
      },
    });
    const plan = new backup.BackupPlan(this, 'Plan', { backupVault: this.vault });
    plan.addRule(
      rule({
        name: 'Daily',
        schedule: { minute: '0', hour: '3' },
        days: backupDays,
        copyTo: this.#vaultOf(copyVaultArn, 'Daily'),
      }),
    );
    if (otherRegion) {
      const copyTo = this.#vaultOf(copyVaultArn, 'Monthly');
      plan.addRule(
        rule({ name: 'Monthly', schedule: { minute: '0', hour: '4', day: '1' }, days: monthlyDays, copyTo }),
      );
    }
    plan.addSelection('Databases', { resources: databaseArns.map((arn) => backup.BackupResource.fromArn(arn)) });
    if (testedMonthly) this.#restoreTest(databaseArns);
  }

  #vaultOf(arn: string | null, id: string): backup.IBackupVault | null {
    return arn === null ? null : backup.BackupVault.fromBackupVaultArn(this, `CopyVault${id}`, arn);
  }

  /** Once a month a backup is really restored, and thrown away: how long that took is the evidence for the recovery time. */
  #restoreTest(databaseArns: readonly string[]): void {
    const name = 'quittance_monthly';
    const plan = new backup.CfnRestoreTestingPlan(this, 'RestoreTest', {
      restoreTestingPlanName: name,
      scheduleExpression: 'cron(0 5 2 * ? *)',
      startWindowHours: 2,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [this.vault.backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 7,
      },
    });
    const role = new iam.Role(this, 'RestoreRole', {
      description: 'Restores a backup once a month, to see that it can be',
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [
        iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForRestores'),
      ],
    });
    const selection = new backup.CfnRestoreTestingSelection(this, 'RestoreTestDatabase', {
      restoreTestingPlanName: name,
      restoreTestingSelectionName: 'ledger',
      protectedResourceType: 'Aurora',
      protectedResourceArns: [...databaseArns],
      iamRoleArn: role.roleArn,
      validationWindowHours: 4,
    });
    selection.addResourceDependency(plan);
  }
}

/** Seven years, as requirement 001 has it for what is kept for auditors. */
const monthlyDays = 2_557;

type RuleOptions = { name: string; schedule: events.CronOptions; days: number; copyTo: backup.IBackupVault | null };

const rule = ({ name, schedule, days, copyTo }: RuleOptions): backup.BackupPlanRule =>
  new backup.BackupPlanRule({
    ruleName: name,
    scheduleExpression: events.Schedule.cron(schedule),
    startWindow: Duration.hours(1),
    completionWindow: Duration.hours(4),
    deleteAfter: Duration.days(days),
    ...(copyTo !== null && { copyActions: [{ destinationBackupVault: copyTo, deleteAfter: Duration.days(days) }] }),
  });
