import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { authoritiesPath } from '../data/database.ts';
import { databaseLogs } from '../data/logs.ts';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/** Where Temporal keeps workflows. */
export type TemporalDatabase = { host: string; resourceId: string; caPath: string; masterSecretArn: string };

type StorageProps = {
  environment: Environment;
  vpc: ec2.IVpc;
  group: ec2.ISecurityGroup;
  key: kms.IKey;
  logKey: kms.IKey;
  capacityUnits: { min: number; max: number };
};

/**
 * Temporal's own Aurora, which grows and shrinks by itself. Apart from the ledger's: a workflow that writes too much must not slow down
 * money, and each is upgraded when its own release allows it.
 */
export class TemporalStorage extends Construct {
  readonly database: TemporalDatabase;
  readonly cluster: rds.DatabaseCluster;

  constructor(scope: Construct, id: string, { environment, vpc, group, key, logKey, capacityUnits }: StorageProps) {
    super(scope, id);
    const identifier = `${prefixOf(environment.name)}-temporal`;
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 });
    const exports = ['postgresql'];
    const groups = databaseLogs(this, { environment, logKey, exports, path: `/aws/rds/cluster/${identifier}` });
    const instanceOf = (instance: string, options: { scaleWithWriter?: boolean } = {}) =>
      rds.ClusterInstance.serverlessV2(instance, {
        instanceIdentifier: `${identifier}-${instance.toLowerCase()}`,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        enablePerformanceInsights: true,
        performanceInsightEncryptionKey: key,
        caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
        ...options,
      });
    this.cluster = new rds.DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: identifier,
      engine,
      serverlessV2MinCapacity: capacityUnits.min,
      serverlessV2MaxCapacity: capacityUnits.max,
      writer: instanceOf('Writer'),
      readers: [instanceOf('Reader', { scaleWithWriter: true })],
      storageEncrypted: true,
      storageEncryptionKey: key,
      vpc,
      vpcSubnets: { subnetGroupName: 'data' },
      securityGroups: [group],
      port: 5432,
      credentials: rds.Credentials.fromUsername('temporal_master', { encryptionKey: key }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
      backup: { retention: Duration.days(environment.recovery.backupDays), preferredWindow: '01:00-02:00' },
      preferredMaintenanceWindow: 'sun:05:00-sun:06:00',
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
      cloudwatchLogsExports: exports,
      monitoringInterval: Duration.seconds(60),
      databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD,
    });
    this.cluster.node.addDependency(...groups);
    this.database = {
      host: this.cluster.clusterEndpoint.hostname,
      resourceId: this.cluster.clusterResourceIdentifier,
      caPath: authoritiesPath,
      masterSecretArn: this.cluster.secret?.secretArn ?? '',
    };
  }
}
