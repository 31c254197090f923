import { at, isObject, type JsonObject, listAt, textAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { bucketPolicy, withoutStatement } from './spoil.ts';

/** Bad changes of the network, of keys, evidence, images and who may deploy. */
export const foundationChanges: readonly Change[] = [
  {
    name: 'a public subnet gives what stands in it a public address',
    environment: 'production',
    turnsRed: ['exposure/no-public-address'],
    edit: (draft) => {
      subnet(draft, '10.2.1.0/24')['MapPublicIpOnLaunch'] = true;
    },
  },
  {
    name: 'the second zone of production is the first one',
    environment: 'production',
    turnsRed: ['network/nat', 'network/zones'],
    edit: (draft) => {
      subnet(draft, '10.2.12.0/24')['AvailabilityZone'] = subnet(draft, '10.2.11.0/24')['AvailabilityZone'] ?? null;
    },
  },
  {
    name: 'workers may connect to the API',
    environment: 'staging',
    turnsRed: ['network/security-groups', 'network/both-ends'],
    edit: (draft) => {
      const rule = copyOfRule(draft, { FromPort: 3001 });
      const worker = copyOfRule(draft, { FromPort: 4010 });
      rule['SourceSecurityGroupId'] = worker['SourceSecurityGroupId'] ?? null;
      draft.add('Network', 'WorkersToApi', { Type: ingress, Properties: rule });
    },
  },
  {
    name: 'the balancer takes port 80 from everywhere',
    environment: 'production',
    turnsRed: ['exposure/no-open-ingress', 'network/security-groups', 'network/balancer-behind-cloudfront'],
    edit: (draft) => {
      const balancer = groupWith(draft, 'The balancer, behind CloudFront');
      const open = { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 80, ToPort: 80 };
      balancer['SecurityGroupIngress'] = [...listAt(balancer, 'SecurityGroupIngress'), open];
    },
  },
  {
    name: 'databases get a way out',
    environment: 'production',
    turnsRed: ['network/tiers'],
    edit: (draft) => {
      const [route] = draft.all('Network', 'AWS::EC2::Route').filter(({ Properties }) => Properties?.['NatGatewayId']);
      const table = associationOf(draft, '10.2.21.0/24')['RouteTableId'] ?? null;
      draft.add('Network', 'DataOut', {
        Type: 'AWS::EC2::Route',
        Properties: { ...(route?.Properties ?? {}), RouteTableId: table },
      });
    },
  },
  {
    name: 'the log group of the flow logs is not encrypted',
    environment: 'development',
    turnsRed: ['network/flow-logs', 'observability/logs'],
    edit: (draft) => {
      delete draft.one('Network', 'AWS::Logs::LogGroup').Properties['KmsKeyId'];
    },
  },
  {
    name: 'the archive’s default retention is a day in production',
    environment: 'production',
    turnsRed: ['objects/lock'],
    edit: (draft) => {
      const rule = at(bucket(draft, 'audit'), 'ObjectLockConfiguration', 'Rule', 'DefaultRetention');
      if (isObject(rule)) rule['Days'] = 1;
    },
  },
  {
    name: 'statements may be put over each other',
    environment: 'production',
    turnsRed: ['objects/create-only'],
    edit: (draft) => {
      withoutStatement(bucketPolicy(draft, 'Statements'), 'CreateOnly');
    },
  },
  {
    name: 'who has the right may delete before the date',
    environment: 'staging',
    turnsRed: ['objects/no-way-around'],
    edit: (draft) => {
      withoutStatement(bucketPolicy(draft, 'Archive'), 'NoWayAroundLocks');
    },
  },
  {
    name: 'small statements move to Glacier',
    environment: 'production',
    turnsRed: ['objects/lifecycle'],
    edit: (draft) => {
      for (const rule of listAt(bucket(draft, 'statements'), 'LifecycleConfiguration', 'Rules'))
        if (isObject(rule)) delete rule['ObjectSizeGreaterThan'];
    },
  },
  {
    name: 'the archive is no longer copied into the other region',
    environment: 'production',
    turnsRed: ['objects/other-region'],
    edit: (draft) => {
      delete bucket(draft, 'audit')['ReplicationConfiguration'];
    },
  },
  {
    name: 'the key that signs the archive can be deleted',
    environment: 'production',
    turnsRed: ['objects/signing-key'],
    edit: (draft) => {
      const key = draft.one('Security', 'AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY' }).Properties;
      withoutStatement(key, 'NeverDeleted', 'KeyPolicy');
    },
  },
  {
    name: 'the key of the database does not rotate',
    environment: 'production',
    turnsRed: ['secrets/keys'],
    edit: (draft) => {
      const [key] = draft.all('Security', 'AWS::KMS::Key', {
        Description: 'Quittance, production: the ledger, the cache, backups and images',
      });
      if (key?.Properties) key.Properties['EnableKeyRotation'] = false;
    },
  },
  {
    name: 'tags of images can be moved',
    environment: 'production',
    turnsRed: ['secrets/registry'],
    edit: (draft) => {
      draft.one('Registry', 'AWS::ECR::Repository').Properties['ImageTagMutability'] = 'MUTABLE';
    },
  },
  {
    name: 'the trail records one region',
    environment: 'production',
    turnsRed: ['trail/calls'],
    edit: (draft) => {
      draft.one('Logging', 'AWS::CloudTrail::Trail').Properties['IsMultiRegionTrail'] = false;
    },
  },
  {
    name: 'every branch of the repository may deploy to production',
    environment: 'production',
    turnsRed: ['delivery/trust'],
    edit: (draft) => {
      const role = draft.one('Security', 'AWS::IAM::Role', { RoleName: 'quittance-production-deploy' }).Properties;
      const condition = at(role, 'AssumeRolePolicyDocument', 'Statement', 0, 'Condition');
      if (isObject(condition))
        condition['StringLike'] = { 'token.actions.githubusercontent.com:sub': 'repo:example/quittance:*' };
    },
  },
];

const ingress = 'AWS::EC2::SecurityGroupIngress';

const subnet = (draft: Draft, block: string): JsonObject =>
  draft.one('Network', 'AWS::EC2::Subnet', { CidrBlock: block }).Properties;

/** A rule of its own that has these members, copied. */
function copyOfRule(draft: Draft, where: JsonObject): JsonObject {
  const [rule] = draft.all('Network', ingress, where);
  if (rule?.Properties === undefined) throw new Error(`There is no rule with ${JSON.stringify(where)}.`);
  return { ...rule.Properties };
}

const groupWith = (draft: Draft, description: string): JsonObject =>
  draft.one('Network', 'AWS::EC2::SecurityGroup', { GroupDescription: description }).Properties;

function associationOf(draft: Draft, block: string): JsonObject {
  const [subnets, associations] = [
    Object.entries(draft.templates['Network']?.Resources ?? {}).find(
      ([, { Properties }]) => Properties?.['CidrBlock'] === block,
    ),
    draft.all('Network', 'AWS::EC2::SubnetRouteTableAssociation'),
  ];
  const found = associations.find(({ Properties }) => at(Properties, 'SubnetId', 'Ref') === subnets?.[0]);
  if (found?.Properties === undefined) throw new Error(`${block} has no route table.`);
  return found.Properties;
}

const bucket = (draft: Draft, area: string): JsonObject => {
  const [found] = draft
    .all('Storage', 'AWS::S3::Bucket')
    .filter(({ Properties }) => textAt(Properties, 'BucketName').endsWith(`-${area}`));
  if (found?.Properties === undefined) throw new Error(`There is no bucket of ${area}.`);
  return found.Properties;
};
