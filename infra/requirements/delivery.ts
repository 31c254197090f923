import { publishRoleNameOf } from '../registry/publish-role.ts';
import { cdkRolesOf, deployRoleNameOf, stacksOf, versionsOf } from '../security/deploy-role.ts';
import { diffRoleNameOf } from '../security/diff-role.ts';
import { readerSubjectsOf, subjectsOf } from '../security/github.ts';
import { releaseRoleNameOf } from '../security/release-role.ts';
import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { type Statement, statementsOf } from './statements.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** Who deploys, releases, pushes and looks: roles that jobs of the pipeline take on. */
export const deliveryRows: readonly Row[] = [
  {
    id: 'delivery/trust',
    source: ['001'],
    requirement: 'the pipeline deploys without a key of the account, each environment by its own approvals',
    answer:
      'GitHub vouches for its jobs. Three roles for each environment (who deploys, who releases, who pushes) let in the jobs of this repository’s environment of that name; a fourth, which can only look, those of pull requests and of two branches, for which nobody has to approve. The subject is compared whole, in its old form and in the one with numeric ids, and a session lasts an hour at most.',
    check: (synthesised) => {
      const { environment, deployment, resources, only } = synthesised;
      const { name } = environment;
      const own = subjectsOf(name, deployment.repository);
      const wanted: Readonly<Record<string, string[]>> = {
        [deployRoleNameOf(environment)]: own,
        [releaseRoleNameOf(name)]: own,
        [publishRoleNameOf(name)]: own,
        [diffRoleNameOf(name)]: readerSubjectsOf(deployment.repository),
      };
      const trusting = resources('*', 'AWS::IAM::Role').filter(({ properties }) =>
        listAt(properties, 'AssumeRolePolicyDocument', 'Statement').some(
          (statement) => at(statement, 'Principal', 'Federated') !== undefined,
        ),
      );
      return [
        ...expected('the provider', only('Security', 'AWS::IAM::OIDCProvider').properties, {
          Url: 'https://token.actions.githubusercontent.com',
          ClientIdList: ['sts.amazonaws.com'],
        }),
        ...expected(
          'roles that trust GitHub',
          trusting.map(({ properties }) => textAt(properties, 'RoleName')).toSorted(),
          Object.keys(wanted).toSorted(),
        ),
        ...trusting.flatMap((role) => trustProblems(role, wanted[textAt(role.properties, 'RoleName')] ?? [])),
      ];
    },
  },
  {
    id: 'delivery/deploy-rights',
    source: ['001'],
    requirement: 'the role of the pipeline has no wildcards',
    answer:
      'Who deploys may become the roles of the CDK’s bootstrap that deploy, publish files and look up, in the regions that have stacks; looks at the stacks of the environment, and keeps the list of live workers. Nothing else.',
    check: (synthesised) => {
      const { environment, deployment } = synthesised;
      return grantProblems(synthesised, deployRoleNameOf(environment), [
        [['sts:AssumeRole', 'sts:TagSession'], cdkRolesOf(environment, deployment)],
        [['ssm:GetParameter', 'ssm:PutParameter'], [versionsOf(environment, deployment)]],
        [['cloudformation:DescribeStacks'], stacksOf(environment, deployment)],
      ]);
    },
  },
  {
    id: 'delivery/diff-rights',
    source: ['001', 'platform'],
    requirement: 'what runs without an approval can change nothing',
    answer: 'It may become the role of the CDK’s bootstrap that reads, and read the list of live workers.',
    check: (synthesised) => {
      const { environment, deployment } = synthesised;
      return grantProblems(synthesised, diffRoleNameOf(environment.name), [
        [
          ['sts:AssumeRole', 'sts:TagSession'],
          cdkRolesOf(environment, deployment).filter((arn) => arn.includes('-lookup-role-')),
        ],
        [['ssm:GetParameter'], [versionsOf(environment, deployment)]],
      ]);
    },
  },
  {
    id: 'delivery/release-rights',
    source: ['001', 'platform'],
    requirement: 'a snapshot before a major deployment, and migrations as a step of it',
    answer:
      'Who releases makes snapshots of the ledger’s server under the environment’s names, runs exactly the tasks of migrations, of operators’ commands and of Temporal’s schema, reads their logs, and notes what was done in three parameters. It deletes no snapshot, pushes no image and deploys nothing.',
    check: (synthesised) => {
      const { environment } = synthesised;
      const granted = grantsOf(synthesised, releaseRoleNameOf(environment.name));
      const actions = [...new Set(granted.flatMap((statement) => statement.actions))];
      const create = environment.database.engine === 'rds' ? 'rds:CreateDBSnapshot' : 'rds:CreateDBClusterSnapshot';
      const run = granted.filter((statement) => statement.actions.includes('ecs:RunTask'));
      const tasks = run.flatMap(({ resources }) => resources.map((arn) => familyBehind(synthesised, arn)));
      const passed = granted.filter((statement) => statement.actions.includes('iam:PassRole'));
      const wanted = ['migration', 'operator', ...(environment.temporal.mode === 'cloud' ? [] : ['temporal-schema'])];
      return [
        ...actions.filter((action) => !mayRelease.test(action)).map((action) => `who releases may ${action}`),
        ...(actions.includes(create) ? [] : [`who releases may not ${create}`]),
        ...expected(
          'what is run',
          tasks.toSorted(),
          wanted.map((name) => `quittance-${environment.name}-${name}`).toSorted(),
        ),
        ...run
          .filter(({ condition }) => at(condition, 'ArnEquals', 'ecs:cluster') === undefined)
          .map(({ place }) => `${place} runs tasks in every cluster`),
        ...passed
          .filter(({ condition }) => at(condition, 'StringEquals', 'iam:PassedToService') !== 'ecs-tasks.amazonaws.com')
          .map(({ place }) => `${place} hands roles to other services than ECS`),
      ];
    },
  },
];

/** What the role of releases may do at most; on what is read by access/star-resource. */
const mayRelease =
  /^(rds:(CreateDB(Cluster)?Snapshot|DescribeDB(Cluster)?Snapshots|AddTagsToResource)|ecs:(RunTask|StopTask|DescribeTasks|DescribeTaskDefinition|RegisterTaskDefinition)|iam:PassRole|logs:GetLogEvents|ec2:Describe(Subnets|SecurityGroups)|cloudwatch:DescribeAlarms|ssm:(Get|Put)Parameter|secretsmanager:GetSecretValue|kms:Decrypt)$/;

function trustProblems({ stack, id, properties }: Resource, subjects: string[]): string[] {
  const place = `${stack}.${id}`;
  return [
    ...expected(`a session of ${place}`, properties['MaxSessionDuration'], 3_600),
    ...listAt(properties, 'AssumeRolePolicyDocument', 'Statement').flatMap((statement) => [
      ...expected(`trust of ${place}`, Object.keys(at(statement, 'Condition') ?? {}), ['StringEquals']),
      ...expected(`trust of ${place}`, at(statement, 'Condition', 'StringEquals'), {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': subjects,
      }),
      ...expected(`action of ${place}`, at(statement, 'Action'), 'sts:AssumeRoleWithWebIdentity'),
    ]),
  ];
}

/** Every statement of a role that has a name: of its own managed policies, and of those that other stacks put on it. */
function grantsOf(synthesised: Synthesised, roleName: string): Statement[] {
  const { resources, target } = synthesised;
  const role = resources('*', 'AWS::IAM::Role', { RoleName: roleName })[0];
  const own = listAt(role?.properties, 'ManagedPolicyArns').map((arn) => {
    const policy = target(arn);
    return policy === undefined ? String(arn) : `${policy.stack}.${policy.id}`;
  });
  const attached = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
    resources('*', type)
      .filter(({ properties }) =>
        listAt(properties, 'Roles').some(
          (name) => name === roleName || (role !== undefined && name === `\${${role.stack}.${role.id}}`),
        ),
      )
      .map(({ stack, id }) => `${stack}.${id}`),
  );
  const foreign = own.filter((place) => place.startsWith('arn:')).map((arn): Statement => foreignGrant(arn));
  return [...statementsOf(synthesised).filter(({ place }) => [...own, ...attached].includes(place)), ...foreign];
}

/** A policy that AWS keeps: what it allows is not known here, so it is more than any row wants. */
const foreignGrant = (arn: string): Statement => ({
  place: arn,
  kind: 'identity',
  effect: 'Allow',
  actions: [arn],
  notActions: [],
  resources: [],
  principal: undefined,
  condition: {},
});

/** Whether a role may exactly this: lists of actions, each with what they are allowed on. */
function grantProblems(synthesised: Synthesised, role: string, wanted: readonly [string[], string[]][]): string[] {
  const found = grantsOf(synthesised, role);
  const lines = (list: readonly (readonly [readonly string[], readonly Json[]])[]) =>
    list
      .map(([actions, on]) => `${[...actions].toSorted().join(' ')} on ${on.map(String).toSorted().join(' ')}`)
      .toSorted();
  return expected(
    `what ${role} may`,
    lines(found.map(({ actions, resources }) => [actions, resources] as const)),
    lines(wanted),
  );
}

/** The family of a task by a reference to its definition, or by an ARN of all its revisions. */
const familyBehind = ({ target }: Synthesised, reference: Json): string =>
  textAt(target(reference)?.properties, 'Family') ||
  (/task-definition\/([^:]+):\*$/.exec(String(reference))?.[1] ?? String(reference));
