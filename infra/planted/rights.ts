import { at, type Json, listAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { bucket, bucketPolicy, grantsOf, set, statementNamed, unset, withoutStatement } from './spoil.ts';

/** Bad changes of who may do what, of what refuses it, and of what is protected from one command. */
export const rightChanges: readonly Change[] = [
  {
    name: 'the archive can be made public',
    environment: 'production',
    turnsRed: ['exposure/no-public-bucket', 'objects/private'],
    edit: (draft) =>
      set(at(bucket(draft, 'Storage', '-audit'), 'PublicAccessBlockConfiguration'), 'BlockPublicPolicy', false),
  },
  {
    name: 'files of the console are read without TLS',
    environment: 'staging',
    turnsRed: ['exposure/no-public-bucket'],
    edit: (draft) => {
      for (const { Properties } of draft.all('Edge', 'AWS::S3::BucketPolicy'))
        set(
          at(Properties, 'PolicyDocument'),
          'Statement',
          listAt(Properties, 'PolicyDocument', 'Statement').filter(
            (each) => at(each, 'Condition', 'Bool', 'aws:SecureTransport') === undefined,
          ),
        );
    },
  },
  {
    name: 'an object of the archive is encrypted by a key that the writer chooses',
    environment: 'production',
    turnsRed: ['objects/encryption'],
    edit: (draft) => withoutStatement(bucketPolicy(draft, 'Archive'), 'NoOtherKey'),
  },
  {
    name: 'the writer of the archive may delete',
    environment: 'production',
    turnsRed: ['objects/rights'],
    edit: (draft) => may(draft, 'Workers', 's3:PutObject', 's3:DeleteObject'),
  },
  {
    name: 'the API may read the archive',
    environment: 'production',
    turnsRed: ['objects/rights'],
    edit: (draft) => {
      const [reading] = grantsOf(draft, 'Api', 's3:GetObjectVersion');
      set(reading, 'Resource', JSON.parse(JSON.stringify(reading['Resource']).replaceAll('-statements', '-audit')));
    },
  },
  {
    name: 'the bucket of the archive goes with its stack',
    environment: 'production',
    turnsRed: ['objects/retained'],
    edit: (draft) => {
      const [archive] = draft
        .all('Storage', 'AWS::S3::Bucket')
        .filter(({ Properties }) => String(Properties?.['BucketName']).endsWith('-audit'));
      if (archive === undefined) throw new Error('There is no archive.');
      archive.DeletionPolicy = 'Delete';
    },
  },
  {
    name: 'the stack of the evidence can be deleted with one command',
    environment: 'production',
    turnsRed: ['objects/retained'],
    edit: (draft) => draft.unprotect('Storage'),
  },
  {
    name: 'an administrator may read the ledger with its key',
    environment: 'production',
    turnsRed: ['secrets/key-policies'],
    edit: (draft) => {
      const policy = at(dataKey(draft), 'KeyPolicy');
      unset(at(statementNamed(policy, 'UseByRoles'), 'Condition', 'StringEquals'), 'kms:ViaService');
    },
  },
  {
    name: 'a task may decrypt with the key of secrets by itself',
    environment: 'production',
    turnsRed: ['secrets/roles-use-keys-through-services'],
    edit: (draft) => unset(grantsOf(draft, 'Api', 'kms:Decrypt')[0], 'Condition'),
  },
  {
    name: 'everybody with the right pushes images',
    environment: 'production',
    turnsRed: ['secrets/only-the-pipeline-pushes'],
    edit: (draft) => unset(draft.one('Registry', 'AWS::ECR::Repository').Properties, 'RepositoryPolicyText'),
  },
  {
    name: 'images are not signed',
    environment: 'production',
    turnsRed: ['secrets/signed-images'],
    edit: (draft) => draft.remove('Registry', 'AWS::ECR::SigningConfiguration'),
  },
  {
    name: 'the pipeline may take on every role of the account',
    environment: 'production',
    turnsRed: ['access/star-resource', 'delivery/deploy-rights', 'delivery/diff-rights'],
    edit: (draft) => {
      const policies = draft
        .all('Security', 'AWS::IAM::ManagedPolicy')
        .flatMap(({ Properties }) => listAt(Properties, 'PolicyDocument', 'Statement'))
        .filter((each) => listAt(each, 'Action').includes('sts:AssumeRole'));
      for (const each of policies) set(each, 'Resource', 'arn:aws:iam::111111111111:role/*');
    },
  },
  {
    name: 'two kinds of worker share their rights',
    environment: 'production',
    turnsRed: ['compute/roles-apart'],
    edit: (draft) => {
      const [first, second] = draft.all('Workers', 'AWS::ECS::TaskDefinition');
      set(second?.Properties, 'ExecutionRoleArn', first?.Properties?.['ExecutionRoleArn'] ?? null);
    },
  },
  {
    name: 'a session opens into the API',
    environment: 'production',
    turnsRed: ['compute/no-shell'],
    edit: (draft) => set(draft.one('Api', 'AWS::ECS::Service').Properties, 'EnableExecuteCommand', true),
  },
  {
    name: 'a release of production reaches clients untested',
    environment: 'production',
    turnsRed: ['compute/release-hooks'],
    edit: (draft) => {
      const release = at(draft.one('Api', 'AWS::ECS::Service').Properties, 'DeploymentConfiguration');
      set(
        release,
        'LifecycleHooks',
        listAt(release, 'LifecycleHooks').filter(
          (hook) => !listAt(hook, 'LifecycleStages').includes('POST_TEST_TRAFFIC_SHIFT'),
        ),
      );
    },
  },
  {
    name: 'the test listener takes TLS 1.0',
    environment: 'production',
    turnsRed: ['compute/listeners'],
    edit: (draft) =>
      set(
        draft.one('Ingress', 'AWS::ElasticLoadBalancingV2::Listener', { Port: 8443 }).Properties,
        'SslPolicy',
        'ELBSecurityPolicy-2016-08',
      ),
  },
  {
    name: 'the edge asks the balancer without TLS',
    environment: 'production',
    turnsRed: ['edge/private-origin'],
    edit: (draft) =>
      set(
        at(draft.one('Edge', 'AWS::CloudFront::VpcOrigin').Properties, 'VpcOriginEndpointConfig'),
        'OriginProtocolPolicy',
        'http-only',
      ),
  },
  {
    name: 'pages of the console run what stands in them',
    environment: 'production',
    turnsRed: ['edge/headers'],
    edit: (draft) => {
      const config = draft
        .all('Edge', 'AWS::CloudFront::ResponseHeadersPolicy')
        .map(({ Properties }) => at(Properties, 'ResponseHeadersPolicyConfig', 'SecurityHeadersConfig'))
        .map((headers) => at(headers, 'ContentSecurityPolicy'))
        .find((policy) => policy !== undefined);
      const text = String(at(config, 'ContentSecurityPolicy'));
      set(config, 'ContentSecurityPolicy', text.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"));
    },
  },
  {
    name: 'cookies stand in the log of the edge',
    environment: 'production',
    turnsRed: ['edge/access-log'],
    edit: (draft) => {
      const delivery = draft.one('Edge', 'AWS::Logs::Delivery').Properties;
      set(delivery, 'RecordFields', [...listAt(delivery, 'RecordFields'), 'cs(Cookie)']);
    },
  },
  {
    name: 'all people can be deleted with one command',
    environment: 'production',
    turnsRed: ['identity/kept'],
    edit: (draft) => set(draft.one('Identity', 'AWS::Cognito::UserPool').Properties, 'DeletionProtection', 'INACTIVE'),
  },
  {
    name: 'stolen passwords are only counted',
    environment: 'production',
    turnsRed: ['identity/threats'],
    edit: (draft) =>
      set(
        at(draft.one('Identity', 'AWS::Cognito::UserPool').Properties, 'UserPoolAddOns'),
        'AdvancedSecurityMode',
        'AUDIT',
      ),
  },
  {
    name: 'the private link leads to a zone of another name',
    environment: 'production',
    turnsRed: ['temporal/private-link'],
    edit: (draft) => set(draft.one('Temporal', 'AWS::Route53::HostedZone').Properties, 'Name', 'other.tmprl.cloud.'),
  },
  {
    name: 'the cache lets in a user that may do everything',
    environment: 'production',
    turnsRed: ['data/cache-login'],
    edit: (draft) => set(draft.one('Data', 'AWS::ElastiCache::User').Properties, 'AccessString', 'on ~* +@all'),
  },
  {
    name: 'a release that failed is looked for under a name that ECS does not use',
    environment: 'production',
    turnsRed: ['observability/events'],
    edit: (draft) =>
      set(detailOf(draft, 'aws.ecs', 'ECS Deployment State Change'), 'eventName', ['SERVICE_DEPLOYMENT_ROLLED_BACK']),
  },
  {
    name: 'only backups of one vault are told of',
    environment: 'production',
    turnsRed: ['observability/events'],
    edit: (draft) =>
      set(detailOf(draft, 'aws.backup', 'Backup Job State Change'), 'backupVaultName', ['quittance-production']),
  },
  {
    name: 'GuardDuty looks away from objects',
    environment: 'production',
    turnsRed: ['governance/detection'],
    edit: (draft) => {
      const detector = draft.one('Security', 'AWS::GuardDuty::Detector').Properties;
      set(listAt(detector, 'Features')[0], 'Status', 'DISABLED');
    },
  },
];

/** Adds an action to what a role of a stack may, where it may another one. */
function may(draft: Draft, stack: string, beside: string, action: string): void {
  const [first] = grantsOf(draft, stack, beside);
  set(first, 'Action', [...listAt(first, 'Action'), action]);
}

const dataKey = (draft: Draft): Json =>
  draft.one('Security', 'AWS::KMS::Key', {
    Description: 'Quittance, production: the ledger, the cache, backups and images',
  }).Properties;

const detailOf = (draft: Draft, source: string, type: string): Json | undefined =>
  at(
    draft
      .all('Observability', 'AWS::Events::Rule', { EventPattern: { source: [source] } })
      .map(({ Properties }) => at(Properties, 'EventPattern'))
      .find((pattern) => listAt(pattern, 'detail-type').includes(type)),
    'detail',
  );
