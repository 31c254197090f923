import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { RecoveryStack } from '../recovery/stack.ts';
import type { SecurityStack } from '../security/stack.ts';
import { Backups } from './backups.ts';
import { type Cache, ValkeyCache } from './cache.ts';
import { ClusterDatabase } from './cluster.ts';
import type { Database, DatabaseProps } from './database.ts';
import { InstanceDatabase } from './instance.ts';

/** The ledger's database with its backups, and the cache before it. */
export class DataStack extends Stack {
  readonly database: Database;
  readonly cache: Cache;

  constructor(
    scope: Construct,
    {
      environment,
      deployment,
      security,
      network,
      recovery,
    }: Place & { security: SecurityStack; network: NetworkStack; recovery: RecoveryStack | null },
  ) {
    super(scope, 'Data', {
      description: 'The ledger, its backups, and the cache',
      terminationProtection: environment.name !== 'development',
    });
    const { vpc, groups } = network;
    // Imported: whatever adds a rule by itself would add it to a stack below.
    const groupOf = (layer: 'database' | 'cache') =>
      ec2.SecurityGroup.fromSecurityGroupId(this, `Group-${layer}`, groups[layer].securityGroupId, { mutable: false });
    this.database = createDatabase(this, {
      environment,
      deployment,
      vpc,
      group: groupOf('database'),
      key: security.keys.data,
      logKey: security.keys.logs,
    });
    this.cache = new ValkeyCache(this, 'Cache', {
      environment,
      vpc,
      group: groupOf('cache'),
      key: security.keys.data,
    }).cache;
    new Backups(this, 'Backups', {
      environment,
      key: security.keys.data,
      databaseArns: [this.database.arn],
      copyVaultArn: recovery?.vaultArn ?? null,
    });
  }
}

/** By engine: what stands above sees no difference. */
function createDatabase(scope: Construct, props: DatabaseProps): Database {
  const { database: size } = props.environment;
  return size.engine === 'rds'
    ? new InstanceDatabase(scope, 'Database', { ...props, size }).database
    : new ClusterDatabase(scope, 'Database', { ...props, size }).database;
}
