import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type ReplicationRule, ReplicationTimeValue } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { keyAliasOf } from '../security/keys.ts';
import { type Area, areas, objectBucketNameOf, replicationRoleNameOf } from './names.ts';

export type ReplicationProps = { environment: EnvironmentName; deployment: Deployment; key: IKey };

/**
 * Every object is copied into the other region within a quarter of an hour, with its lock. Buckets and key there are known by name: a
 * reference would tie this region's stack to the other's.
 */
export class Replication extends Construct {
  readonly role: Role;
  readonly #props: ReplicationProps;

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id);
    this.#props = props;
    this.role = new Role(this, 'Role', {
      roleName: replicationRoleNameOf(props.environment),
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
      managedPolicies: [
        new ManagedPolicy(this, 'Copy', {
          description: 'S3 copies statements and archive into the other region.',
          statements: this.#statements(),
        }),
      ],
    });
  }

  /** The rule for the bucket of an area. Deletions are not copied: a marker here hides nothing there. */
  ruleFor(area: Area): ReplicationRule {
    const { environment, deployment } = this.#props;
    const { account, otherRegion: region } = deployment;
    const alias = `arn:aws:kms:${region}:${account}:alias/${keyAliasOf(environment, 'copies')}`;
    const bucketName = objectBucketNameOf(environment, { account, region }, area);
    return {
      id: 'other-region',
      priority: 1,
      destination: Bucket.fromBucketAttributes(this, `${area}Copy`, { bucketName, account, region }),
      // S3 takes the ARN of an alias.
      kmsKey: Key.fromKeyArn(this, `${area}Key`, alias),
      sseKmsEncryptedObjects: true,
      replicationTimeControl: ReplicationTimeValue.FIFTEEN_MINUTES,
      metrics: ReplicationTimeValue.FIFTEEN_MINUTES,
      deleteMarkerReplication: false,
    };
  }

  #statements(): PolicyStatement[] {
    const { environment, deployment, key } = this.#props;
    const { account, region, otherRegion } = deployment;
    const bucketsIn = (place: string) =>
      areas.map((area) => `arn:aws:s3:::${objectBucketNameOf(environment, { account, region: place }, area)}`);
    const inside = (arns: string[]) => arns.map((arn) => `${arn}/*`);
    return [
      new PolicyStatement({
        actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        resources: bucketsIn(region),
      }),
      new PolicyStatement({
        actions: [
          ...['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'],
          ...['s3:GetObjectRetention', 's3:GetObjectLegalHold'],
        ],
        resources: inside(bucketsIn(region)),
      }),
      new PolicyStatement({
        actions: ['s3:ReplicateObject', 's3:ReplicateTags'],
        resources: inside(bucketsIn(otherRegion)),
      }),
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
      }),
      new PolicyStatement({
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [`arn:aws:kms:${otherRegion}:${account}:key/*`],
        conditions: {
          StringEquals: { 'kms:ViaService': `s3.${otherRegion}.amazonaws.com` },
          // The id of that key is known only after it was made; its name before.
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${keyAliasOf(environment, 'copies')}` },
        },
      }),
    ];
  }
}
