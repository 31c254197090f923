import { connectionsOf, readerConnectionsOf, readerPoolOf, total, usableConnections } from '../data/connections.ts';
import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Resource, Synthesised } from './synthesised.ts';
import { programOf, settingsOf, tasksOf } from './tasks.ts';

export const instanceType = 'AWS::RDS::DBInstance';
const clusterType = 'AWS::RDS::DBCluster';

/** Requirement 001's classes. */
export const sizes = {
  development: { classes: ['db.t3.micro'], multiZone: false },
  staging: { classes: ['db.t3.small'], multiZone: true },
  production: { classes: ['db.t3.medium', 'db.t3.medium', 'db.t3.medium'], multiZone: true },
} as const;

/** Servers: an instance of RDS by itself, or a cluster with its instances. */
export const serversOf = ({ resources }: Synthesised): Resource[] => [
  ...resources('*', clusterType),
  ...resources('*', instanceType).filter(({ properties }) => !('DBClusterIdentifier' in properties)),
];

export const isAurora = ({ resources }: Synthesised): boolean => resources('Data', clusterType).length > 0;

export const inDataSubnets = (id: string, subnets: Json[]): string[] => [
  ...expected(`subnets of ${id}`, subnets.length, 2),
  ...subnets.filter((subnet) => !/data/i.test(String(subnet))).map((subnet) => `${id} stands in ${String(subnet)}`),
];

export const isKey = ({ target }: Synthesised, what: string, reference: Json | undefined): string[] =>
  target(reference)?.type === 'AWS::KMS::Key' ? [] : [`${what} has no key of ours`];

/** Logs of databases without a key of ours, or that end at another time than logs of the environment do. */
export function logGroupProblems(synthesised: Synthesised): string[] {
  const groups = synthesised
    .resources('*', 'AWS::Logs::LogGroup')
    .filter(({ properties }) => textAt(properties, 'LogGroupName').startsWith('/aws/rds/'));
  const days = synthesised.environment.name === 'production' ? 365 : 30;
  return [
    ...(groups.length > 0 ? [] : ['no database has a log of ours']),
    ...groups.flatMap(({ id, properties }) => [
      ...expected(`days of ${id}`, at(properties, 'RetentionInDays'), days),
      ...isKey(synthesised, id, at(properties, 'KmsKeyId')),
    ]),
  ];
}

export function ruleNamed({ only }: Synthesised, name: string): Json | undefined {
  return listAt(only('Data', 'AWS::Backup::BackupPlan').properties, 'BackupPlan', 'BackupPlanRule').find(
    (rule) => textAt(rule, 'RuleName') === name,
  );
}

/** Each program with the address of the database that it is told. */
export const programsWithDatabase = (synthesised: Synthesised): { name: string; url: string }[] =>
  familiesOf(synthesised).flatMap((family) => {
    const program = programOf(synthesised, family);
    const settings = settingsOf(synthesised, program);
    return ['DATABASE_URL', 'DATABASE_READER_URL'].flatMap((name) => {
      const url = settings[name];
      return url === undefined ? [] : [{ name: `${program.name} ${name}`, url }];
    });
  });

const familiesOf = ({ environment, resources }: Synthesised): string[] =>
  resources('*', 'AWS::ECS::TaskDefinition')
    .filter(({ stack }) => ['Api', 'Workers', 'Migration', 'Operator'].includes(stack))
    .map(({ properties }) => textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''));

/** The user that a task logs in as is the one user that its role may log in as. */
export function usersProblems(synthesised: Synthesised): string[] {
  return tasksOf(synthesised).flatMap((task) => {
    const statements = synthesised
      .resources('*', 'AWS::IAM::Policy')
      .filter(({ stack, properties }) =>
        listAt(properties, 'Roles').some(
          (role) => stack === task.stack && at(task.properties, 'TaskRoleArn') === `${String(role).slice(0, -1)}.Arn}`,
        ),
      )
      .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement'))
      .filter((statement) => listAt(statement, 'Action').includes('rds-db:connect'));
    const users = statements.flatMap((statement) =>
      listAt(statement, 'Resource').map((arn) => String(arn).split('/').at(-1)),
    );
    const addressed = programUser(synthesised, task);
    return addressed === null
      ? expected(`users of ${textAt(task.properties, 'Family')}`, users.length, 0)
      : expected(`users of ${textAt(task.properties, 'Family')}`, users.map(String), [addressed]);
  });
}

function programUser(synthesised: Synthesised, task: Resource): string | null {
  const addresses = listAt(task.properties, 'ContainerDefinitions').flatMap((definition) => {
    const settings = settingsOf(synthesised, { task, name: '', definition: definition as Record<string, Json> });
    return settings['DATABASE_URL'] === undefined ? [] : [settings['DATABASE_URL']];
  });
  return /^postgres:\/\/([a-z_]+)@/.exec(addresses[0] ?? '')?.[1] ?? null;
}

/** By the configuration, and by what the templates tell the server and the programs: the two must not differ. */
export function budgetProblems(synthesised: Synthesised): string[] {
  const { environment, deployment, resources } = synthesised;
  const usable = usableConnections(environment);
  const moments = {
    ...connectionsOf(environment, deployment.workerVersions),
    ...(environment.name !== 'development' && {
      'while the API is replaced and a version drains': connectionsOf(environment, [
        { state: 'current' },
        { state: 'draining' },
      ]).whileApiIsReplaced,
      'while a third version drains': connectionsOf(environment, [
        { state: 'current' },
        { state: 'ramping' },
        { state: 'draining' },
      ]).whileWorkersAreReplaced,
    }),
  };
  const groups = [
    ...resources('Data', 'AWS::RDS::DBParameterGroup'),
    ...resources('Data', 'AWS::RDS::DBClusterParameterGroup'),
  ];
  const poolMax = settingsOf(synthesised, programOf(synthesised, 'api'))['DATABASE_POOL_MAX'];
  return [
    ...Object.entries(moments)
      .filter(([, connections]) => total(connections) > usable)
      .map(([moment, connections]) => `${moment}: ${total(connections)} of ${usable}, ${JSON.stringify(connections)}`),
    ...expected(
      'connections of a task to a reader',
      environment.api.pool.reader,
      environment.database.engine === 'aurora' ? readerPoolOf(environment) : 0,
    ),
    ...(readerConnectionsOf(environment) > usable ? ['the readers are asked for too many'] : []),
    ...groups.flatMap(({ id, properties }) =>
      expected(
        `${id} takes`,
        at(properties, 'Parameters', 'max_connections'),
        String(environment.database.maxConnections),
      ),
    ),
    ...expected('the API is told', poolMax, String(environment.api.pool.writer)),
    ...resources('*', 'AWS::RDS::DBProxy').map(({ id }) => `${id} is a proxy`),
  ];
}
