import { connectionsOf, readerConnectionsOf, readerPoolOf, total, usableConnections } from '../data/connections.ts';
import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Resource, Synthesised } from './synthesised.ts';
import { programOf, settingsOf, tasksOf } from './tasks.ts';

const instanceType = 'AWS::RDS::DBInstance';
const clusterType = 'AWS::RDS::DBCluster';

/** Requirement 001's classes. */
const sizes = {
  development: { classes: ['db.t3.micro'], multiZone: false },
  staging: { classes: ['db.t3.small'], multiZone: true },
  production: { classes: ['db.t3.medium', 'db.t3.medium', 'db.t3.medium'], multiZone: true },
} as const;

/** The ledger's database, its backups, and the cache. */
export const dataRows: readonly Row[] = [
  {
    id: 'data/database-class',
    source: ['000', '001', '002'],
    requirement:
      'PostgreSQL: t3.micro in one zone, t3.small and t3.medium in two; production with a replica (001), or Aurora with one writer and several readers (002)',
    answer:
      'RDS in development and staging, Aurora in production: a writer and two readers of 001’s class, which are also its standby.',
    check: (synthesised) => {
      const { classes, multiZone } = sizes[synthesised.environment.name];
      const instances = synthesised.resources('Data', instanceType);
      const spread = isAurora(synthesised) ? instances.length > 1 : at(instances[0]?.properties, 'MultiAZ') === true;
      return [
        ...expected(
          'classes',
          instances.map(({ properties }) => textAt(properties, 'DBInstanceClass')),
          [...classes],
        ),
        ...expected('in two zones', spread, multiZone),
      ];
    },
  },
  {
    id: 'data/readers',
    source: ['001', '002'],
    requirement: 'replicas for reading, and reads go on when the writer fails',
    answer:
      'Two readers in production, under a name of their own. What decides about money is read from the writer, in the transaction that writes it.',
    check: (synthesised) => {
      const reader = settingsOf(synthesised, programOf(synthesised, 'api'))['DATABASE_READER_URL'];
      const hasReaders = synthesised.environment.name === 'production';
      return [
        ...expected('is told to the API', reader !== undefined, hasReaders),
        ...(hasReaders && !reader?.includes('ReadEndpoint.Address') ? [`it is told ${reader}`] : []),
      ];
    },
  },
  {
    id: 'data/not-public',
    source: ['000', '001'],
    requirement: 'a database without a public address',
    answer: 'And in subnets that no route leads out of.',
    check: (synthesised) => [
      ...synthesised
        .resources('*', instanceType)
        .flatMap(({ id, properties }) => expected(`${id} public`, at(properties, 'PubliclyAccessible'), false)),
      ...synthesised
        .resources('*', 'AWS::RDS::DBSubnetGroup')
        .flatMap(({ id, properties }) => inDataSubnets(id, listAt(properties, 'SubnetIds'))),
      ...synthesised
        .resources('Data', 'AWS::ElastiCache::SubnetGroup')
        .flatMap(({ id, properties }) => inDataSubnets(id, listAt(properties, 'SubnetIds'))),
    ],
  },
  {
    id: 'data/encrypted',
    source: ['001', '003'],
    requirement: 'databases encrypted with a key of ours',
    answer: 'As asked: storage, backups, the analysis of queries, and the master’s password.',
    check: (synthesised) =>
      serversOf(synthesised).flatMap(({ id, properties }) => [
        ...expected(`${id} encrypted`, at(properties, 'StorageEncrypted'), true),
        ...isKey(synthesised, `the storage of ${id}`, at(properties, 'KmsKeyId')),
        ...isKey(synthesised, `the password of ${id}`, at(properties, 'MasterUserSecret', 'KmsKeyId')),
      ]),
  },
  {
    id: 'data/log-in-by-token',
    source: ['001', '003'],
    requirement: 'database passwords in Secrets Manager, rotated',
    answer:
      'There are none: programs log in with tokens of a quarter of an hour, each as one user. The master has a password that RDS makes and rotates, and that one step of a deployment reads.',
    check: (synthesised) => [
      ...serversOf(synthesised).flatMap(({ id, properties }) => [
        ...expected(`${id}: tokens`, at(properties, 'EnableIAMDatabaseAuthentication'), true),
        ...expected(`${id}: managed`, at(properties, 'ManageMasterUserPassword'), true),
        ...('MasterUserPassword' in properties ? [`${id} has a password in the template`] : []),
      ]),
      ...usersProblems(synthesised),
    ],
  },
  {
    id: 'data/tls',
    source: ['003'],
    requirement: 'TLS to the database',
    answer: 'The server refuses anything else, and programs verify its certificate and its name.',
    check: (synthesised) => [
      ...[
        ...synthesised.resources('*', 'AWS::RDS::DBParameterGroup'),
        ...synthesised.resources('*', 'AWS::RDS::DBClusterParameterGroup'),
      ].flatMap(({ id, properties }) => expected(`${id}: TLS`, at(properties, 'Parameters', 'rds.force_ssl'), '1')),
      ...programsWithDatabase(synthesised).flatMap(({ name, url }) =>
        /^postgres:\/\/[a-z_]+@[^:]+:5432\/\w+\?sslmode=verify-full&sslrootcert=\//.test(url)
          ? []
          : [`${name} is told ${url}`],
      ),
    ],
  },
  {
    id: 'data/says-no-secrets',
    source: ['platform'],
    requirement: 'no bank account in the log of a database',
    answer:
      'Errors without the row, slow statements without their parameters: set on the server, where on RDS no role of ours may.',
    check: ({ resources }) => {
      const groups = [
        ...resources('Data', 'AWS::RDS::DBParameterGroup'),
        ...resources('Data', 'AWS::RDS::DBClusterParameterGroup'),
      ];
      return groups.flatMap(({ id, properties }) =>
        expected(id, at(properties, 'Parameters'), {
          log_error_verbosity: 'terse',
          log_parameter_max_length: '0',
          log_parameter_max_length_on_error: '0',
        }),
      );
    },
  },
  {
    id: 'data/watched',
    source: ['001'],
    requirement: 'logs, enhanced monitoring and performance insights',
    answer:
      'Logs in groups of ours with a key and an end; the system each minute; Database Insights, which the other became.',
    check: (synthesised) =>
      serversOf(synthesised)
        .flatMap(({ id, type, properties }) => [
          ...expected(
            `logs of ${id}`,
            listAt(properties, 'EnableCloudwatchLogsExports'),
            type === instanceType ? ['postgresql', 'upgrade'] : ['postgresql'],
          ),
          ...expected(id, properties, { DatabaseInsightsMode: 'standard' }),
        ])
        .concat(
          synthesised
            .resources('*', instanceType)
            .flatMap(({ id, properties }) => expected(`seconds of ${id}`, at(properties, 'MonitoringInterval'), 60)),
        ),
  },
  {
    id: 'data/deletion',
    source: ['001'],
    requirement: 'nobody deletes a database by mistake',
    answer: 'Staging and production refuse it; whatever removes one takes a snapshot first.',
    check: (synthesised) =>
      serversOf(synthesised).flatMap(({ id, raw, properties }) => [
        ...expected(
          `${id} refuses`,
          at(properties, 'DeletionProtection'),
          synthesised.environment.name !== 'development',
        ),
        ...expected(`${id} is kept`, raw.DeletionPolicy, 'Snapshot'),
      ]),
  },
  {
    id: 'data/minor-upgrades',
    source: ['001'],
    requirement: 'minor versions by themselves',
    answer: 'As asked, on Sunday nights.',
    check: ({ resources }) =>
      resources('*', instanceType).flatMap(({ id, properties }) =>
        expected(id, at(properties, 'AutoMinorVersionUpgrade'), true),
      ),
  },
  {
    id: 'data/backups',
    source: ['001'],
    requirement: 'daily backups for 35 days, any point in time, at most five minutes lost',
    answer: 'The database’s own, continuous for 35 days; and besides each day into a vault.',
    check: (synthesised) => [
      ...serversOf(synthesised).flatMap(({ id, properties }) =>
        expected(`days of ${id}`, at(properties, 'BackupRetentionPeriod'), 35),
      ),
      ...expected('days in the vault', at(ruleNamed(synthesised, 'Daily'), 'Lifecycle', 'DeleteAfterDays'), 35),
      ...expected(
        'what is backed up',
        listAt(synthesised.only('Data', 'AWS::Backup::BackupSelection').properties, 'BackupSelection', 'Resources')
          .length,
        1,
      ),
    ],
  },
  {
    id: 'data/monthly-backups',
    source: ['001'],
    requirement: 'in production one each month, kept for years in cold storage',
    answer: 'Kept for seven years. Aurora’s backups have no cold storage.',
    check: (synthesised) =>
      synthesised.environment.name === 'production'
        ? expected('days', at(ruleNamed(synthesised, 'Monthly'), 'Lifecycle', 'DeleteAfterDays'), 2_557)
        : [],
  },
  {
    id: 'data/vault',
    source: ['001'],
    requirement: 'backups that are there when they are needed',
    answer:
      'In a vault with a lock and a key of ours; in production nobody can take the lock off, not even the account’s root.',
    check: (synthesised) => {
      const { properties } = synthesised.only('Data', 'AWS::Backup::BackupVault');
      const isProduction = synthesised.environment.name === 'production';
      return [
        ...isKey(synthesised, 'the vault', at(properties, 'EncryptionKeyArn')),
        ...expected(
          'the shortest time',
          at(properties, 'LockConfiguration', 'MinRetentionDays'),
          isProduction ? 35 : 1,
        ),
        ...expected(
          'cannot be taken off',
          at(properties, 'LockConfiguration', 'ChangeableForDays') !== undefined,
          isProduction,
        ),
      ];
    },
  },
  {
    id: 'data/copies',
    source: ['001'],
    requirement: 'backups in a second region',
    answer: 'In production each backup is copied there.',
    check: (synthesised) => {
      const wanted = synthesised.environment.name === 'production' ? 1 : 0;
      const rules = listAt(
        synthesised.only('Data', 'AWS::Backup::BackupPlan').properties,
        'BackupPlan',
        'BackupPlanRule',
      );
      return rules.flatMap((rule) => [
        ...expected(`copies of ${textAt(rule, 'RuleName')}`, listAt(rule, 'CopyActions').length, wanted),
        ...listAt(rule, 'CopyActions')
          .filter((copy) => !textAt(copy, 'DestinationBackupVaultArn').includes(synthesised.deployment.otherRegion))
          .map((copy) => `a copy goes to ${textAt(copy, 'DestinationBackupVaultArn')}`),
      ]);
    },
  },
  {
    id: 'data/restore-tested',
    source: ['001'],
    requirement: 'recovery within 4 h, 2 h, 30 min, and at most 24 h, 1 h, 5 min lost',
    answer: 'Each month production’s latest backup is really restored; how long it took is the evidence.',
    check: ({ environment, resources }) => {
      const plans = resources('Data', 'AWS::Backup::RestoreTestingPlan');
      const objectives = [environment.recovery.timeObjectiveMinutes, environment.recovery.pointObjectiveMinutes];
      const wanted = { development: [240, 1_440], staging: [120, 60], production: [30, 5] }[environment.name];
      return [
        ...expected('objectives', objectives, wanted),
        ...expected('tests', plans.length, environment.name === 'production' ? 1 : 0),
        ...plans.flatMap(({ properties }) =>
          /^cron\(\S+ \S+ \d+ \* \? \*\)$/.test(textAt(properties, 'ScheduleExpression')) ? [] : ['it is not monthly'],
        ),
      ];
    },
  },
  {
    id: 'data/connection-budget',
    source: ['002'],
    requirement: 'storms of connections are smoothed (RDS Proxy)',
    answer:
      'Pools have a size, tasks have a maximum, and all together stay below 80 % of what the server takes, also while a release doubles them. A proxy would cost more than the instance and would keep each session for itself, because queries have parameters.',
    check: (synthesised) => budgetProblems(synthesised),
  },
  {
    id: 'data/cache',
    source: ['001', '002', '003'],
    requirement: 'Redis for balances and limits, in two zones, with TLS',
    answer:
      'Valkey: TLS required, a key of ours, a standby in the other zone (not in development), snapshots for 15 days, the least used thrown out when it is full.',
    check: (synthesised) => {
      const { properties } = synthesised.only('Data', 'AWS::ElastiCache::ReplicationGroup');
      const { name, cache } = synthesised.environment;
      const isDouble = name !== 'development';
      return [
        ...expected('the cache', properties, {
          Engine: 'valkey',
          CacheNodeType: cache.node,
          NumCacheClusters: isDouble ? 2 : 1,
          MultiAZEnabled: isDouble,
          AutomaticFailoverEnabled: isDouble,
          TransitEncryptionEnabled: true,
          TransitEncryptionMode: 'required',
          AtRestEncryptionEnabled: true,
          SnapshotRetentionLimit: 15,
        }),
        ...isKey(synthesised, 'the cache', at(properties, 'KmsKeyId')),
      ];
    },
  },
  {
    id: 'data/cache-login',
    source: ['003'],
    requirement: 'a password for Redis, in Secrets Manager',
    answer: 'None: its one user logs in by tokens, and may do nothing of administration. There is no user without one.',
    check: ({ only, resources }) => {
      const { properties } = only('Data', 'AWS::ElastiCache::User');
      const access = textAt(properties, 'AccessString').split(' ');
      return [
        ...expected('how it logs in', at(properties, 'AuthenticationMode', 'Type'), 'iam'),
        ...expected('users', listAt(only('Data', 'AWS::ElastiCache::UserGroup').properties, 'UserIds').length, 1),
        ...expected(
          'groups',
          listAt(resources('Data', 'AWS::ElastiCache::ReplicationGroup')[0]?.properties, 'UserGroupIds').length,
          1,
        ),
        ...(access.includes('-@dangerous') && !access.includes('+@all') ? [] : [`it may ${access.join(' ')}`]),
      ];
    },
  },
  {
    id: 'data/one-store',
    source: ['002', '003'],
    requirement:
      'DynamoDB for sessions and idempotency keys, SQS FIFO for the order of an account, SNS for events, EventBridge for the months',
    answer:
      'Postgres and Temporal: the key of a transfer is committed with its reservation, its order is that of rows and a sequence, an event is a row that a durable workflow delivers, a month is a schedule that catches up. Two stores could disagree.',
    check: ({ resources }) => [
      ...resources('*', 'AWS::DynamoDB::Table').map(({ id }) => `${id} is a table of DynamoDB`),
      ...resources('*', 'AWS::DynamoDB::GlobalTable').map(({ id }) => `${id} is a table of DynamoDB`),
      ...resources('*', 'AWS::SQS::Queue', { FifoQueue: true }).map(({ id }) => `${id} is a queue for order`),
    ],
  },
];

/** Servers: an instance of RDS by itself, or a cluster with its instances. */
const serversOf = ({ resources }: Synthesised): Resource[] => [
  ...resources('*', clusterType),
  ...resources('*', instanceType).filter(({ properties }) => !('DBClusterIdentifier' in properties)),
];

const isAurora = ({ resources }: Synthesised): boolean => resources('Data', clusterType).length > 0;

const inDataSubnets = (id: string, subnets: Json[]): string[] => [
  ...expected(`subnets of ${id}`, subnets.length, 2),
  ...subnets.filter((subnet) => !/data/i.test(String(subnet))).map((subnet) => `${id} stands in ${String(subnet)}`),
];

const isKey = ({ target }: Synthesised, what: string, reference: Json | undefined): string[] =>
  target(reference)?.type === 'AWS::KMS::Key' ? [] : [`${what} has no key of ours`];

function ruleNamed({ only }: Synthesised, name: string): Json | undefined {
  return listAt(only('Data', 'AWS::Backup::BackupPlan').properties, 'BackupPlan', 'BackupPlanRule').find(
    (rule) => textAt(rule, 'RuleName') === name,
  );
}

/** Each program with the address of the database that it is told. */
const programsWithDatabase = (synthesised: Synthesised): { name: string; url: string }[] =>
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
    .filter(({ stack }) => ['Api', 'Workers', 'Migration'].includes(stack))
    .map(({ properties }) => textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''));

/** The user that a task logs in as is the one user that its role may log in as. */
function usersProblems(synthesised: Synthesised): string[] {
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
function budgetProblems(synthesised: Synthesised): string[] {
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
