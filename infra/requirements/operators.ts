import { at, expected, type Json, listAt } from './json.ts';
import type { Row } from './row.ts';
import { programOf, settingsOf, statementsOfRole } from './tasks.ts';

/** What people run in production. */
export const operatorRows: readonly Row[] = [
  {
    id: 'compute/operators',
    source: ['002', 'platform'],
    requirement: 'what operators do in production is done by a program, under a role and a login of its own',
    answer:
      'Two tasks that no service runs: one for commands that change something, as the owner of the tables, because only that one moves months and makes tenants; one for who verifies, as a reader, whose role writes nothing. A person starts them with a command and rights of their own (docs/aws/run-an-operator-command.md); who did is in CloudTrail, what was changed in the audit of the ledger. Neither can be entered.',
    check: (synthesised) => [
      ...expected('services of operators', synthesised.resources('Operator', 'AWS::ECS::Service').length, 0),
      ...Object.entries(wanted).flatMap(([name, { user, command }]) => {
        const program = programOf(synthesised, name);
        const statements = statementsOfRole(synthesised, at(program.task.properties, 'TaskRoleArn'));
        const actions = statements.flatMap((statement) => listAt(statement, 'Action').map(String));
        const logIns = statements
          .filter((statement) => listAt(statement, 'Action').includes('rds-db:connect'))
          .flatMap((statement) => listAt(statement, 'Resource'))
          .map((arn) => String(arn).split('/').at(-1) ?? '');
        return [
          ...expected(`the login of ${name}`, logIns, [user]),
          ...expected(`the command of ${name}`, listAt(program.definition, 'Command'), command),
          ...expected(
            `${name} is told`,
            settingsOf(synthesised, program)['DATABASE_URL']?.includes(`//${user}@`),
            true,
          ),
          ...actions.filter((action) => !mayDo(name).test(action)).map((action) => `the task ${name} may ${action}`),
          ...(actions.includes('s3:GetObjectVersion') ? [] : [`${name} reads no object`]),
        ];
      }),
    ],
  },
];

const help: Json[] = ['node', 'operator/main.ts', '--help'];
const wanted: Readonly<Record<string, { user: string; command: Json[] }>> = {
  operator: { user: 'quittance_migrator', command: help },
  verification: { user: 'quittance_reader', command: help },
};

/** Neither writes an object. The operator's puts the key of the smoke test where only the test reads it. */
const mayDo = (name: string): RegExp =>
  name === 'operator'
    ? /^(rds-db:connect|s3:(ListBucketVersions|GetObjectVersion|GetObjectRetention|GetObjectLegalHold)|kms:(Decrypt|GenerateDataKey)|secretsmanager:PutSecretValue)$/
    : /^(rds-db:connect|s3:(ListBucketVersions|GetObjectVersion|GetObjectRetention|GetObjectLegalHold)|kms:(Decrypt|GetPublicKey))$/;
