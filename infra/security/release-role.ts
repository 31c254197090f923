import { type IOidcProvider, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment, EnvironmentName } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { githubPrincipal, sessionMax } from './github.ts';

type ReleaseRoleProps = { environment: Environment; deployment: Deployment; provider: IOidcProvider };

/** What a release leaves for the next one, below the path of the environment. */
export const releaseParameters = ['migrated', 'temporal/version', 'workers/versions'] as const;

/**
 * Who runs what stands between two deployments: the snapshot, the migrations, the ramp of the workers. It can deploy nothing and push
 * nothing. What may be run stands beside each task (service/release-run.ts); here is what has a name before it exists.
 */
export class ReleaseRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { environment, deployment, provider }: ReleaseRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      roleName: releaseRoleNameOf(environment.name),
      description: 'The pipeline makes a snapshot, runs the tasks of a release and notes what was done.',
      assumedBy: githubPrincipal(provider, environment.name, deployment),
      maxSessionDuration: sessionMax,
      managedPolicies: [
        new ManagedPolicy(this, 'Release', {
          description: 'Snapshots of the ledger, tasks of its cluster, and the notes of a release.',
          statements: [
            ...snapshots(environment, deployment),
            ...tasks(environment, deployment),
            ...notes(environment, deployment),
          ],
        }),
      ],
    });
  }
}

export const releaseRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-release`;

/** A snapshot of the ledger's server, under names that begin with the environment. None can be deleted or shared. */
function snapshots({ name, database }: Environment, { account, region }: Deployment): PolicyStatement[] {
  const [server, kind, create, describe] =
    database.engine === 'rds'
      ? ['db', 'snapshot', 'rds:CreateDBSnapshot', 'rds:DescribeDBSnapshots']
      : ['cluster', 'cluster-snapshot', 'rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots'];
  const made = `arn:aws:rds:${region}:${account}:${kind}:${prefixOf(name)}-*`;
  const ledger = `arn:aws:rds:${region}:${account}:${server}:${prefixOf(name)}`;
  return [
    new PolicyStatement({ sid: 'MakeASnapshot', actions: [create], resources: [ledger, made] }),
    new PolicyStatement({ sid: 'LookAtIt', actions: [describe, 'rds:AddTagsToResource'], resources: [made] }),
  ];
}

/** Where tasks stand, and what became of them. */
const tasks = ({ name }: Environment, { account, region }: Deployment): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'SeeAndStopTasks',
    actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
    resources: [`arn:aws:ecs:${region}:${account}:task/${prefixOf(name)}/*`],
  }),
  // IAM knows no resource for these.
  new PolicyStatement({
    sid: 'Look',
    actions: [
      'ecs:DescribeTaskDefinition',
      'ec2:DescribeSubnets',
      'ec2:DescribeSecurityGroups',
      'cloudwatch:DescribeAlarms',
    ],
    resources: ['*'],
  }),
];

const notes = ({ name }: Environment, { account, region }: Deployment): PolicyStatement[] => [
  new PolicyStatement({
    sid: 'NoteWhatWasDone',
    actions: ['ssm:GetParameter', 'ssm:PutParameter'],
    resources: releaseParameters.map((note) => `arn:aws:ssm:${region}:${account}:parameter${pathOf(name, note)}`),
  }),
];
