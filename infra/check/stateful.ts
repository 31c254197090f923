import { at, isObject, type Json, textAt } from '../requirements/json.ts';
import type { Synthesised } from '../requirements/synthesised.ts';
import { containersOf, settingsOf } from '../requirements/tasks.ts';

/**
 * What holds money, keys, people or evidence, and the properties whose change makes CloudFormation put a new, empty one in its place. A
 * change of a line here is a migration with a runbook, never an edit in passing.
 */
const replacedBy: Readonly<Record<string, readonly string[]>> = {
  'AWS::Backup::BackupVault': ['BackupVaultName', 'EncryptionKeyArn'],
  'AWS::CloudFront::Distribution': [],
  'AWS::CloudFront::VpcOrigin': [],
  'AWS::CloudTrail::Trail': ['TrailName'],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'UsernameAttributes', 'UsernameConfiguration'],
  'AWS::EC2::Subnet': ['AvailabilityZone', 'CidrBlock', 'VpcId'],
  'AWS::EC2::VPC': ['CidrBlock'],
  'AWS::ECR::Repository': ['RepositoryName', 'EncryptionConfiguration'],
  'AWS::ElastiCache::ReplicationGroup': [
    'AtRestEncryptionEnabled',
    'CacheSubnetGroupName',
    'KmsKeyId',
    'Port',
    'ReplicationGroupId',
  ],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['Actions', 'Conditions', 'Priority', 'ListenerArn'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 'Scheme', 'Type'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 'Port', 'Protocol', 'TargetType', 'VpcId'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage'],
  'AWS::RDS::DBCluster': [
    'DBClusterIdentifier',
    'DBSubnetGroupName',
    'DatabaseName',
    'EngineMode',
    'KmsKeyId',
    'MasterUsername',
    'StorageEncrypted',
  ],
  'AWS::RDS::DBInstance': [
    'DBInstanceIdentifier',
    'DBName',
    'DBSubnetGroupName',
    'KmsKeyId',
    'MasterUsername',
    'StorageEncrypted',
  ],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SES::EmailIdentity': ['EmailIdentity'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** A line for each stateful resource of an environment, and for the number of Temporal's history shards. */
export function statefulOf(synthesised: Synthesised): string {
  const lines = Object.entries(replacedBy).flatMap(([type, properties]) =>
    synthesised.resources('*', type).map((resource) => {
      const values = properties.flatMap((name) => {
        const value = at(resource.properties, name);
        return value === undefined ? [] : [`${name}=${text(value)}`];
      });
      return [`${resource.stack} ${type} ${resource.id}`, ...values].join(' ');
    }),
  );
  return `${[...lines, ...shardsOf(synthesised)].toSorted().join('\n')}\n`;
}

/**
 * Each history belongs to a shard by its number: with another count, Temporal looks for it elsewhere. Settings are injected, so the number
 * stands in a parameter behind each server's task. Throws when servers of ours have none: a seal that finds nothing seals nothing.
 */
function shardsOf(synthesised: Synthesised): string[] {
  const lines = containersOf(synthesised).flatMap((container) => {
    const shards = settingsOf(synthesised, container)['NUM_HISTORY_SHARDS'];
    return shards === undefined
      ? []
      : [`${container.task.stack} ${textAt(container.task.properties, 'Family')} NUM_HISTORY_SHARDS=${shards}`];
  });
  if (synthesised.environment.temporal.mode !== 'cloud' && lines.length === 0)
    throw new Error(`${synthesised.environment.name}: no server of Temporal has a number of shards`);
  return lines;
}

const text = (value: Json): string => (isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value));
