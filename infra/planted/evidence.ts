import { isObject, type Json, type JsonObject, listAt, textAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { alarm, bucket, grantsOf, set, withoutStatement } from './spoil.ts';

/** Bad changes of what keeps evidence, and of what the pipeline and operators may do. */
export const evidenceChanges: readonly Change[] = [
  {
    name: 'the bucket of access logs has a key that delivery does not know',
    environment: 'production',
    turnsRed: ['objects/access-logs'],
    edit: (draft) =>
      set(bucket(draft, 'Logging', '-access-logs'), 'BucketEncryption', {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      }),
  },
  {
    name: 'the key of statements can be deleted before they are',
    environment: 'production',
    turnsRed: ['objects/key-is-kept'],
    edit: (draft) => {
      const key = draft.one('Security', 'AWS::KMS::Key', {
        Description: 'Quittance, production: statements and the archive',
      }).Properties;
      withoutStatement(key, 'NeverDeleted', 'KeyPolicy');
    },
  },
  {
    name: 'the first account may hide a checkpoint in the second',
    environment: 'production',
    turnsRed: ['objects/checkpoints'],
    edit: (draft) => {
      const statements = draft
        .all('Checkpoints', 'AWS::S3::BucketPolicy')
        .flatMap(({ Properties }) => listAt(Properties, 'PolicyDocument', 'Statement'))
        .filter(isObject);
      const put = statements.find(
        (statement) => statement['Effect'] === 'Allow' && listAt(statement, 'Action').includes('s3:PutObjectRetention'),
      );
      set(put, 'Action', [...listAt(put, 'Action'), 's3:DeleteObject']);
    },
  },
  {
    name: 'the certificate of the balancer has another name',
    environment: 'production',
    turnsRed: ['edge/certificates'],
    edit: (draft) =>
      set(draft.one('Ingress', 'AWS::CertificateManager::Certificate').Properties, 'DomainName', 'www.example.com'),
  },
  {
    name: 'the certificate of the balancer is watched from its last day on',
    environment: 'production',
    turnsRed: ['alarms/edge'],
    edit: (draft) => set(alarm(draft, 'production', 'balancer-certificate'), 'Threshold', 1),
  },
  {
    name: 'a release is watched by an alarm that has another name',
    environment: 'production',
    turnsRed: ['alarms/p99', 'alarms/rollback', 'compute/rollback-alarms-exist'],
    edit: (draft) => set(alarm(draft, 'production', 'api-p99'), 'AlarmName', 'quittance-production-api-slow'),
  },
  {
    name: 'a restore that failed is looked for as a backup is',
    environment: 'production',
    turnsRed: ['observability/events'],
    edit: (draft) => {
      const rule = draft
        .all('Observability', 'AWS::Events::Rule')
        .find(({ Properties }) => JSON.stringify(Properties).includes('Restore Job State Change'));
      const pattern = rule?.Properties?.['EventPattern'];
      set(pattern, 'detail', { state: ['FAILED', 'ABORTED'] });
    },
  },
  {
    name: 'who reads copies of statements in the other region is in no trail',
    environment: 'production',
    turnsRed: ['trail/objects'],
    edit: (draft) => {
      const [, objects] = listAt(draft.one('Logging', 'AWS::CloudTrail::Trail').Properties, 'AdvancedEventSelectors');
      const field = listAt(objects, 'FieldSelectors')[2];
      set(field, 'StartsWith', listAt(field, 'StartsWith').slice(0, 2));
    },
  },
  {
    name: 'a task may look for users of the account, which its boundary takes away',
    environment: 'production',
    turnsRed: ['access/within-boundary'],
    edit: (draft) =>
      listStatements(draft, 'Api').push({
        Effect: 'Allow',
        Action: 'iam:GetUser',
        Resource: 'arn:aws:iam::111111111111:user/somebody',
      }),
  },
  {
    name: 'every role of the next account may pull images',
    environment: 'staging',
    turnsRed: ['secrets/only-the-pipeline-pushes'],
    edit: (draft) => {
      const registry = draft.one('Registry', 'AWS::ECR::Repository').Properties;
      const policy = registry['RepositoryPolicyText'];
      for (const statement of listAt(policy, 'Statement').filter(isObject))
        if (statement['Effect'] === 'Allow') delete statement['Condition'];
    },
  },
  {
    name: 'who compares a pull request may deploy',
    environment: 'production',
    turnsRed: ['delivery/diff-rights'],
    edit: (draft) => {
      const [policy] = draft
        .all('Security', 'AWS::IAM::ManagedPolicy')
        .filter(({ Properties }) => textAt(Properties, 'Description').includes('looks up, and reads'));
      const [become] = listAt(policy?.Properties, 'PolicyDocument', 'Statement');
      const roles = listAt(become, 'Resource').map((arn) => String(arn).replace('-lookup-role-', '-deploy-role-'));
      set(become, 'Resource', roles);
    },
  },
  {
    name: 'who releases may delete snapshots',
    environment: 'production',
    turnsRed: ['delivery/release-rights'],
    edit: (draft) => {
      const statement = releaseStatement(draft, 'Security', 'LookAtIt');
      set(statement, 'Action', [...listAt(statement, 'Action'), 'rds:DeleteDBClusterSnapshot']);
    },
  },
  {
    name: 'who releases may run the task of who verifies',
    environment: 'production',
    turnsRed: ['delivery/release-rights'],
    edit: (draft) => {
      const run = releaseStatement(draft, 'Operator', 'RunTheTask');
      const [verification] = Object.entries(draft.templates['Operator']?.Resources ?? {}).filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::ECS::TaskDefinition' && textAt(Properties, 'Family').endsWith('-verification'),
      );
      if (verification === undefined) throw new Error('Nobody verifies.');
      set(run, 'Resource', { Ref: verification[0] });
    },
  },
  {
    name: 'who verifies logs in as the owner of the tables',
    environment: 'production',
    turnsRed: ['compute/operators', 'data/log-in-by-token'],
    edit: (draft) => {
      const reader = grantsOf(draft, 'Operator', 'rds-db:connect').find((statement) =>
        JSON.stringify(statement['Resource']).includes('quittance_reader'),
      );
      const text = JSON.stringify(reader?.['Resource']).replace('quittance_reader', 'quittance_migrator');
      set(reader, 'Resource', JSON.parse(text));
    },
  },
  {
    name: 'who verifies may write into the archive',
    environment: 'production',
    turnsRed: ['compute/operators'],
    edit: (draft) => {
      const statement = grantsOf(draft, 'Operator', 's3:GetObjectVersion').at(-1);
      set(statement, 'Action', [...listAt(statement, 'Action'), 's3:PutObject']);
    },
  },
];

/** The statements of the first policy of a role in a stack, to be added to. */
function listStatements(draft: Draft, stack: string): Json[] {
  const [policy] = draft.all(stack, 'AWS::IAM::Policy');
  const document = policy?.Properties?.['PolicyDocument'];
  if (!isObject(document)) throw new Error(`${stack} has no policy of a role.`);
  const statements = listAt(document, 'Statement');
  document['Statement'] = statements;
  return statements;
}

function releaseStatement(draft: Draft, stack: string, sid: string): JsonObject {
  const found = draft
    .all(stack, 'AWS::IAM::ManagedPolicy')
    .flatMap(({ Properties }) => listAt(Properties, 'PolicyDocument', 'Statement'))
    .filter(isObject)
    .find((statement) => statement['Sid'] === sid);
  if (found === undefined) throw new Error(`${stack} has no statement ${sid}.`);
  return found;
}
