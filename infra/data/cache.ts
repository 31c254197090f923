import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import type { CachePlace } from '../service/connections.ts';

/** The cache as others see it. `groupArn` and `userArn`: who logs in needs a right on both. */
export type Cache = CachePlace & { groupArn: string; userArn: string };

export type CacheProps = { environment: Environment; vpc: ec2.IVpc; group: ec2.ISecurityGroup; key: kms.IKey };

/** What our programs do in it: keys with an end, two scripts, and what the client asks when it connects. Nothing of administration. */
const accessString =
  'on ~* &* -@all +@read +@write +@connection +@scripting +@transaction +time +info -@dangerous +info';

/**
 * Balances and rate limits, in Valkey: encrypted at rest and on the way, with one user that logs in by IAM tokens. There is no password,
 * and no user without one. What is in it can vanish at any time; the snapshots are what auditors ask for.
 */
export class ValkeyCache extends Construct {
  readonly cache: Cache;

  constructor(scope: Construct, id: string, { environment, vpc, group, key }: CacheProps) {
    super(scope, id);
    const { node, nodes } = environment.cache;
    const name = prefixOf(environment.name);
    const subnets = new elasticache.CfnSubnetGroup(this, 'Subnets', {
      description: 'The subnets without a way out',
      subnetIds: vpc.selectSubnets({ subnetGroupName: 'data' }).subnetIds,
    });
    const user = new elasticache.CfnUser(this, 'User', {
      engine: 'valkey',
      // With IAM they must be the same, and belong to the whole account.
      userId: name,
      userName: name,
      accessString,
      authenticationMode: { Type: 'iam' },
    });
    const users = new elasticache.CfnUserGroup(this, 'Users', {
      engine: 'valkey',
      userGroupId: name,
      userIds: [user.ref],
    });
    const parameters = new elasticache.CfnParameterGroup(this, 'Parameters', {
      cacheParameterGroupFamily: 'valkey8',
      description: 'All that is in it may be thrown out, the least used first',
      properties: { 'maxmemory-policy': 'allkeys-lru' },
    });
    const replication = new elasticache.CfnReplicationGroup(this, 'Group', {
      replicationGroupId: name,
      replicationGroupDescription: 'Balances and rate limits',
      engine: 'valkey',
      engineVersion: '8.1',
      cacheNodeType: node,
      numCacheClusters: nodes,
      multiAzEnabled: nodes > 1,
      automaticFailoverEnabled: nodes > 1,
      cacheParameterGroupName: parameters.ref,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [group.securityGroupId],
      port: Number(cachePort),
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      kmsKeyId: key.keyArn,
      userGroupIds: [users.ref],
      snapshotRetentionLimit: 15,
      snapshotWindow: '02:00-03:00',
      preferredMaintenanceWindow: 'sun:04:00-sun:05:00',
      autoMinorVersionUpgrade: true,
    });
    this.cache = {
      host: replication.attrPrimaryEndPointAddress,
      port: cachePort,
      name,
      user: name,
      userArn: user.attrArn,
      groupArn: `arn:aws:elasticache:${replication.stack.region}:${replication.stack.account}:replicationgroup:${name}`,
    };
  }
}

const cachePort = '6379';
