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

type Aurora = Extract<DatabaseProps['environment']['database'], { engine: 'aurora' }>;

/**
 * Aurora: one writer and readers over the zones, on one store that is in three of them. A reader takes over within a minute and has all
 * that was committed, so requirement 001's replica is also its standby.
 */
export class ClusterDatabase extends Construct {
  readonly database: Database;

  constructor(
    scope: Construct,
    id: string,
    { environment, vpc, group, key, logKey, size }: DatabaseProps & { size: Aurora },
  ) {
    super(scope, id);
    const { name, recovery } = environment;
    const identifier = prefixOf(name);
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_18_3 });
    const exports = ['postgresql'];
    const groups = databaseLogs(this, { environment, logKey, exports, path: `/aws/rds/cluster/${identifier}` });
    const instanceOf = instanceOfCluster({ identifier, instance: size.instance, key });
    const readers = Array.from({ length: size.readers }, (_, index) => `Reader${index + 1}`);
    const cluster = new rds.DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: identifier,
      engine,
      writer: instanceOf('Writer'),
      readers: readers.map(instanceOf),
      storageEncrypted: true,
      storageEncryptionKey: key,
      vpc,
      vpcSubnets: { subnetGroupName: 'data' },
      securityGroups: [group],
      port: databasePort,
      defaultDatabaseName: databaseName,
      ...logins(key),
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        parameters: serverParameters(size.maxConnections),
      }),
      backup: { retention: Duration.days(recovery.backupDays), preferredWindow: '01:00-02:00' },
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: isThrowaway(name),
      autoMinorVersionUpgrade: true,
      deletionProtection: !isThrowaway(name),
      removalPolicy: RemovalPolicy.SNAPSHOT,
      cloudwatchLogsExports: exports,
      monitoringInterval: Duration.seconds(60),
      databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD,
    });
    cluster.node.addDependency(...groups);
    this.database = {
      writerHost: cluster.clusterEndpoint.hostname,
      readerHost: cluster.clusterReadEndpoint.hostname,
      port: String(databasePort),
      name: databaseName,
      resourceId: cluster.clusterResourceIdentifier,
      caPath: authoritiesPath,
      arn: cluster.clusterArn,
      masterSecretArn: cluster.secret?.secretArn ?? '',
      metrics: {
        engine: 'aurora',
        cluster: identifier,
        writer: `${identifier}-writer`,
        readers: readers.map((reader) => `${identifier}-${reader.toLowerCase()}`),
      },
    };
  }
}

type InstanceOptions = { identifier: string; instance: string; key: DatabaseProps['key'] };

/** One of its instances: all are alike, and which one writes can change at any time. */
const instanceOfCluster =
  ({ identifier, instance, key }: InstanceOptions) =>
  (id: string): rds.IClusterInstance =>
    rds.ClusterInstance.provisioned(id, {
      instanceIdentifier: `${identifier}-${id.toLowerCase()}`,
      instanceType: new ec2.InstanceType(instance),
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: key,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    });
