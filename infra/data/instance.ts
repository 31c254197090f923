import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { prefixOf } from '../names.ts';
import {
  authoritiesPath,
  type Database,
  type DatabaseProps,
  databaseName,
  databasePort,
  isThrowaway,
  logins,
  serverParameters,
} from './database.ts';
import { databaseLogs } from './logs.ts';

type Rds = Extract<DatabaseProps['environment']['database'], { engine: 'rds' }>;

/** Postgres of RDS, in one zone or with a standby in the other (requirement 001, development and staging). */
export class InstanceDatabase extends Construct {
  readonly database: Database;

  constructor(
    scope: Construct,
    id: string,
    { environment, vpc, group, key, logKey, size }: DatabaseProps & { size: Rds },
  ) {
    super(scope, id);
    const { name, recovery } = environment;
    const identifier = prefixOf(name);
    const engine = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18_3 });
    const exports = ['postgresql', 'upgrade'];
    const groups = databaseLogs(this, { environment, logKey, exports, path: `/aws/rds/instance/${identifier}` });
    const instance = new rds.DatabaseInstance(this, 'Instance', {
      instanceIdentifier: identifier,
      engine,
      instanceType: new ec2.InstanceType(size.instance),
      multiAz: size.multiZone,
      allocatedStorage: size.storageGiB,
      storageType: rds.StorageType.GP3,
      storageEncrypted: true,
      storageEncryptionKey: key,
      vpc,
      vpcSubnets: { subnetGroupName: 'data' },
      publiclyAccessible: false,
      securityGroups: [group],
      port: databasePort,
      databaseName,
      ...logins(key),
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        parameters: serverParameters(size.maxConnections),
      }),
      backupRetention: Duration.days(recovery.backupDays),
      preferredBackupWindow: '01:00-02:00',
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: isThrowaway(name),
      autoMinorVersionUpgrade: true,
      deletionProtection: !isThrowaway(name),
      removalPolicy: RemovalPolicy.SNAPSHOT,
      cloudwatchLogsExports: exports,
      monitoringInterval: Duration.seconds(60),
      databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: key,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    });
    instance.node.addDependency(...groups);
    this.database = {
      writerHost: instance.dbInstanceEndpointAddress,
      readerHost: null,
      port: String(databasePort),
      name: databaseName,
      resourceId: instance.instanceResourceId ?? '',
      caPath: authoritiesPath,
      arn: instance.instanceArn,
      masterSecretArn: instance.secret?.secretArn ?? '',
      metrics: { engine: 'rds', instance: instance.instanceIdentifier, storageGiB: size.storageGiB },
    };
  }
}
