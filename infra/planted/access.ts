import { at, isObject, type Json, type JsonObject, listAt } from '../requirements/json.ts';
import type { RawResource } from '../requirements/synthesised.ts';
import type { Change, Draft } from './change.ts';

/** Wildcards, open doors and roles without a bound. */
export const accessChanges: readonly Change[] = [
  {
    name: 'a task may do everything with every bucket',
    environment: 'production',
    turnsRed: ['access/no-star-action', 'access/star-resource'],
    edit: (draft) => grant(draft, { Effect: 'Allow', Action: 's3:*', Resource: '*' }),
  },
  {
    name: 'a task may read every secret',
    environment: 'staging',
    turnsRed: ['access/star-resource'],
    edit: (draft) => grant(draft, { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
  },
  {
    name: 'a queue takes messages from every account',
    environment: 'production',
    turnsRed: ['access/no-anonymous'],
    edit: (draft) =>
      draft.add('Channels', 'OpenQueuePolicy', {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: ['a-queue'],
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: 'a' }],
          },
        },
      }),
  },
  {
    name: 'a role has no boundary',
    environment: 'development',
    turnsRed: ['access/boundary'],
    edit: (draft) => {
      const [role] = draft.all('Api', 'AWS::IAM::Role');
      delete role?.Properties?.['PermissionsBoundary'];
    },
  },
  {
    name: 'a user with a long-lived key',
    environment: 'production',
    turnsRed: ['access/no-users'],
    edit: (draft) => draft.add('Security', 'Deployer', { Type: 'AWS::IAM::User' }),
  },
  {
    name: 'a security group takes SSH from everywhere',
    environment: 'production',
    turnsRed: ['exposure/no-open-ingress', 'network/no-rules-elsewhere', 'network/security-groups'],
    edit: (draft) =>
      draft.add('Api', 'Ssh', {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: 'sg-0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' },
      }),
  },
  {
    name: 'a function has an address of its own',
    environment: 'staging',
    turnsRed: ['exposure/no-other-doors'],
    edit: (draft) => draft.add('Edge', 'Door', { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } }),
  },
];

/** Adds a statement to the first policy of a program's task. */
function grant(draft: Draft, statement: JsonObject): void {
  const [policy] = draft.all('Api', 'AWS::IAM::Policy');
  if (policy === undefined) throw new Error('Api has no policy of a role.');
  statementsIn(policy).push(statement);
}

function statementsIn({ Properties }: RawResource): Json[] {
  const document = at(Properties, 'PolicyDocument');
  if (!isObject(document)) throw new Error('The policy has no document.');
  const statements = listAt(document, 'Statement');
  document['Statement'] = statements;
  return statements;
}
