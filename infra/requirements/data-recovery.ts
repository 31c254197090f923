import { budgetProblems, isKey, ruleNamed, serversOf } from './data-parts.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

/** Backups, copies and their test; the budget of connections; the cache. */
export const dataRecoveryRows: readonly Row[] = [
  {
    id: 'data/backups',
    source: ['001'],
    requirement: 'daily backups for 35 days, any point in time, at most five minutes lost',
    answer:
      'The database’s own, continuous for 35 days; and besides one into a vault, by a rule that is called daily: its hour is in the snapshots and not read here. Temporal’s own database in staging has the former only. Before a release with migrations the pipeline makes a snapshot, which is kept until somebody deletes it (delivery/release-rights).',
    check: (synthesised) => [
      ...serversOf(synthesised).flatMap(({ id, properties }) =>
        expected(`days of ${id}`, at(properties, 'BackupRetentionPeriod'), 35),
      ),
      ...expected('days in the vault', at(ruleNamed(synthesised, 'Daily'), 'Lifecycle', 'DeleteAfterDays'), 35),
      ...backedUp(synthesised),
      ...expected('each day', at(ruleNamed(synthesised, 'Daily'), 'ScheduleExpression'), 'cron(0 3 * * ? *)'),
    ],
  },
  {
    id: 'data/monthly-backups',
    source: ['001'],
    requirement: 'in production one each month, kept for years in cold storage',
    answer:
      'A rule that is called monthly, kept for seven years: its day is in the snapshots and not read here. Aurora’s backups have no cold storage.',
    check: (synthesised) =>
      synthesised.environment.name === 'production'
        ? expected('each month', ruleNamed(synthesised, 'Monthly'), {
            Lifecycle: { DeleteAfterDays: 2_557 },
            ScheduleExpression: 'cron(0 4 1 * ? *)',
          })
        : [],
  },
  {
    id: 'data/vault',
    source: ['001'],
    requirement: 'backups that are there when they are needed',
    answer:
      'In a vault with a lock and a key of ours; in production it can be taken off for some days after it was made, and then by nobody, not even the account’s root.',
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
          'the days after which nobody takes it off',
          at(properties, 'LockConfiguration', 'ChangeableForDays') ?? null,
          isProduction ? 3 : null,
        ),
      ];
    },
  },
  {
    id: 'data/copies',
    source: ['001'],
    requirement: 'backups in a second region',
    answer: 'In production each backup is copied there, for as long as it is kept here.',
    check: (synthesised) => {
      const wanted = synthesised.environment.name === 'production' ? 1 : 0;
      const rules = listAt(
        synthesised.only('Data', 'AWS::Backup::BackupPlan').properties,
        'BackupPlan',
        'BackupPlanRule',
      );
      return rules.flatMap((rule) => [
        ...expected(`copies of ${textAt(rule, 'RuleName')}`, listAt(rule, 'CopyActions').length, wanted),
        ...listAt(rule, 'CopyActions').flatMap((copy) =>
          expected(
            `days of a copy of ${textAt(rule, 'RuleName')}`,
            at(copy, 'Lifecycle', 'DeleteAfterDays'),
            at(rule, 'Lifecycle', 'DeleteAfterDays') ?? null,
          ),
        ),
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
    answer:
      'The figures are objectives of the configuration. A plan of AWS Backup restores one of production’s backups each month. One that fails is told at once (observability/events). Not there yet: an alarm when none was tried at all, because CloudWatch looks back a week at most; and how long a restore took is in AWS Backup’s list of jobs alone. In development and staging no restore is tried.',
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
      const { environment, only } = synthesised;
      const { properties } = only('Data', 'AWS::ElastiCache::ReplicationGroup');
      const { name, cache } = environment;
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
        ...expected('what is thrown out', only('Data', 'AWS::ElastiCache::ParameterGroup').properties, {
          Properties: { 'maxmemory-policy': 'allkeys-lru' },
        }),
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

/** That the ledger's database, and it alone, is what the plan takes. */
function backedUp(synthesised: Synthesised): string[] {
  const ledger = serversOf(synthesised).filter(({ stack }) => stack === 'Data');
  const chosen = listAt(
    synthesised.only('Data', 'AWS::Backup::BackupSelection').properties,
    'BackupSelection',
    'Resources',
  ).map(String);
  return [
    ...expected('how many are backed up', chosen.length, ledger.length),
    ...ledger
      .filter(({ id }) => !chosen.some((arn) => arn.includes(`\${Data.${id}}`)))
      .map(({ id }) => `${id} is not backed up`),
  ];
}
