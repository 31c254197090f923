import {
  inDataSubnets,
  instanceType,
  isAurora,
  isKey,
  logGroupProblems,
  programsWithDatabase,
  serversOf,
  sizes,
  usersProblems,
} from './data-parts.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { programOf, settingsOf } from './tasks.ts';

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
      const engine = isAurora(synthesised) ? 'aurora-postgresql' : 'postgres';
      return [
        ...serversOf(synthesised)
          .filter(({ stack }) => stack === 'Data')
          .flatMap(({ id, properties }) => expected(`the engine of ${id}`, at(properties, 'Engine'), engine)),
        ...expected('Aurora', isAurora(synthesised), synthesised.environment.name === 'production'),
        ...expected(
          'classes',
          instances.map(({ properties }) => textAt(properties, 'DBInstanceClass')),
          [...classes],
        ),
        ...expected('in two zones', spread, multiZone),
        ...serversOf(synthesised)
          .filter(({ stack }) => stack === 'Data')
          .flatMap(({ id, properties }) => [
            ...expected(
              `engine of ${id}`,
              at(properties, 'Engine'),
              isAurora(synthesised) ? 'aurora-postgresql' : 'postgres',
            ),
            ...expected(`version of ${id}`, textAt(properties, 'EngineVersion').split('.')[0], '18'),
          ]),
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
    answer: 'As asked: storage and with it its snapshots, the analysis of queries, and the master’s password.',
    check: (synthesised) => [
      ...synthesised
        .resources('Data', instanceType)
        .flatMap(({ id, properties }) =>
          isKey(synthesised, `the analysis of ${id}`, at(properties, 'PerformanceInsightsKMSKeyId')),
        ),
      ...serversOf(synthesised).flatMap(({ id, properties }) => [
        ...expected(`${id} encrypted`, at(properties, 'StorageEncrypted'), true),
        ...isKey(synthesised, `the storage of ${id}`, at(properties, 'KmsKeyId')),
        ...isKey(synthesised, `the password of ${id}`, at(properties, 'MasterUserSecret', 'KmsKeyId')),
      ]),
    ],
  },
  {
    id: 'data/log-in-by-token',
    source: ['001', '003'],
    requirement: 'database passwords in Secrets Manager, rotated',
    answer:
      'There are none: programs log in with tokens of a quarter of an hour, each as one user. The master has a password that RDS makes and rotates, and that the container before the migrations reads.',
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
        )
        .concat(logGroupProblems(synthesised)),
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
    answer: 'As asked. The window, on Sunday nights, is not read here.',
    check: ({ resources }) =>
      resources('*', instanceType).flatMap(({ id, properties }) =>
        expected(id, at(properties, 'AutoMinorVersionUpgrade'), true),
      ),
  },
];
