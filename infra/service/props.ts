import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ChannelsStack } from '../channels/stack.ts';
import type { DataStack } from '../data/stack.ts';
import type { Place } from '../environment/place.ts';
import type { Layer } from '../network/rules.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { RegistryStack } from '../registry/stack.ts';
import { inContext } from '../security/key-policy.ts';
import { payloadContext } from '../security/key-uses.ts';
import type { SecurityStack } from '../security/stack.ts';
import { type StoreAccess, storeAccess } from '../storage/access.ts';
import { checkpointsNameOf, objectBucketNameOf } from '../storage/names.ts';
import type { StorageStack } from '../storage/stack.ts';
import type { TemporalStack } from '../temporal/stack.ts';
import type { TemporalPlace } from './connections.ts';
import type { ClusterStack } from './stack.ts';
import { cacheConnect, databaseConnect, useKey } from './statements.ts';

/** The layers that every program of ours stands on. */
export type ProgramsProps = Place & {
  security: SecurityStack;
  network: NetworkStack;
  storage: StorageStack;
  registry: RegistryStack;
  data: DataStack;
  channels: ChannelsStack;
  cluster: ClusterStack;
  temporal: TemporalStack;
};

/** The group of a layer, as something that no rule can be added to: all are stated in network/rules.ts. */
export const groupOf = (scope: Construct, { groups }: NetworkStack, layer: Layer): ec2.ISecurityGroup =>
  ec2.SecurityGroup.fromSecurityGroupId(scope, `Group-${layer}`, groups[layer].securityGroupId, { mutable: false });

/** Temporal as settings name it: secrets by their ARN. */
export const temporalPlace = ({ endpoint }: TemporalStack): TemporalPlace => ({
  address: endpoint.address,
  namespace: endpoint.namespace,
  uiUrl: endpoint.uiUrl,
  tls: endpoint.tls,
  apiKeyArn: endpoint.apiKey?.secretArn ?? null,
  mutual: endpoint.mutual && { secretArn: endpoint.mutual.secret.secretArn, serverName: endpoint.mutual.serverName },
});

/** Permission to log in to the database as one user of it, and to the cache. */
export const dataStatements = ({ deployment, data }: ProgramsProps, user: string): iam.PolicyStatement[] => [
  databaseConnect(deployment, { resourceId: data.database.resourceId, user }),
  cacheConnect(data.cache),
];

/** Permission to encrypt what Temporal keeps of workflows, and to read it: for who starts, runs or asks them. */
export const usePayloads = (props: ProgramsProps): iam.PolicyStatement[] =>
  payloadStatements(props, ['kms:GenerateDataKey', 'kms:Decrypt']);

/** Permission to read it, and to encrypt nothing. */
export const readPayloads = (props: ProgramsProps): iam.PolicyStatement[] => payloadStatements(props, ['kms:Decrypt']);

const payloadStatements = ({ security }: ProgramsProps, actions: string[]): iam.PolicyStatement[] => [
  new iam.PolicyStatement({
    sid: 'DataKeysOfPayloads',
    actions,
    resources: [security.keys.payloads.keyArn],
    conditions: { StringEquals: inContext(payloadContext) },
  }),
];

/** What a program may do with its objects, as storage/access.ts says it: actions by their bucket, and the bucket's key through S3. */
export const storeStatements = (props: ProgramsProps, program: keyof typeof storeAccess): iam.PolicyStatement[] =>
  storeAccess[program].flatMap((access) => accessStatements(props, access));

function accessStatements(
  props: ProgramsProps,
  { area, bucket, objects, below, key }: StoreAccess,
): iam.PolicyStatement[] {
  const { deployment, security } = props;
  const bucketArn = bucketArnOf(props, area);
  const owner = area === 'checkpoints' ? deployment.checkpoints.account : deployment.account;
  // Another account's bucket of the same name would be believed otherwise, were ours ever deleted.
  const conditions = { StringEquals: { 's3:ResourceAccount': owner } };
  return [
    ...(bucket.length > 0
      ? [new iam.PolicyStatement({ actions: [...bucket], resources: [bucketArn], conditions })]
      : []),
    new iam.PolicyStatement({ actions: [...objects], resources: [`${bucketArn}/${below ?? ''}*`], conditions }),
    ...(key.length > 0
      ? [useKey(deployment, { keyArn: security.keys.objects.keyArn, service: 's3', actions: [...key] })]
      : []),
  ];
}

/** Buckets have names that are known before they are there. */
function bucketArnOf({ environment, deployment }: ProgramsProps, area: StoreAccess['area']): string {
  const name =
    area === 'checkpoints' ? checkpointsNameOf(deployment) : objectBucketNameOf(environment.name, deployment, area);
  return `arn:aws:s3:::${name}`;
}
