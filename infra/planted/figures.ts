import { at, isObject, type Json, type JsonObject, listAt, textAt } from '../requirements/json.ts';
import type { Change, Draft } from './change.ts';
import { alarm, bucket, set, unset } from './spoil.ts';

/** Bad changes of one figure or one word: thresholds, times, sizes, addresses. A reviewer reads over each of them. */
export const figureChanges: readonly Change[] = [
  {
    name: 'a private subnet has half of its addresses',
    environment: 'production',
    turnsRed: ['network/cidr'],
    edit: (draft) =>
      set(
        draft.one('Network', 'AWS::EC2::Subnet', { CidrBlock: '10.2.11.0/24' }).Properties,
        'CidrBlock',
        '10.2.11.0/25',
      ),
  },
  {
    name: 'the storage of the database is watched at one per cent',
    environment: 'staging',
    turnsRed: ['alarms/rds-storage'],
    edit: (draft) => tenth(draft.one('Observability', alarmType, { MetricName: 'FreeStorageSpace' }).Properties),
  },
  {
    name: 'the processor of a worker is watched at 99 %',
    environment: 'production',
    turnsRed: ['alarms/ecs-cpu'],
    edit: (draft) => set(alarm(draft, 'production', 'transfers-0-1-0-cpu'), 'Threshold', 99),
  },
  {
    name: 'memory of the API is watched at 95 %',
    environment: 'staging',
    turnsRed: ['alarms/ecs-memory'],
    edit: (draft) => set(alarm(draft, 'staging', 'api-memory'), 'Threshold', 95),
  },
  {
    name: 'the processor of the writer is looked at for an hour',
    environment: 'production',
    turnsRed: ['alarms/rds-cpu'],
    edit: (draft) => set(alarm(draft, 'production', 'database-writer-cpu'), 'EvaluationPeriods', 60),
  },
  {
    name: 'the service may run with one task, and nobody is told',
    environment: 'production',
    turnsRed: ['alarms/ecs-tasks'],
    edit: (draft) => set(alarm(draft, 'production', 'api-tasks'), 'Threshold', 1),
  },
  {
    name: 'credits of the reader may run out',
    environment: 'production',
    turnsRed: ['alarms/credits'],
    edit: (draft) => set(alarm(draft, 'production', 'database-reader-1-credits'), 'Threshold', 0),
  },
  {
    name: 'a transfer may wait for ten minutes before anybody is told',
    environment: 'production',
    turnsRed: ['alarms/queue-depth'],
    edit: (draft) => set(alarm(draft, 'production', 'queue-age-transfers'), 'Threshold', 600),
  },
  {
    name: 'ten workflows may fail',
    environment: 'staging',
    turnsRed: ['alarms/workflows'],
    edit: (draft) => set(alarm(draft, 'staging', 'workflows-fail'), 'Threshold', 10),
  },
  {
    name: 'p99 may be ten seconds',
    environment: 'production',
    turnsRed: ['alarms/p99'],
    edit: (draft) => set(alarm(draft, 'production', 'api-p99'), 'Threshold', 10),
  },
  {
    name: 'an unhealthy task of green is watched for an hour',
    environment: 'production',
    turnsRed: ['alarms/health-checks'],
    edit: (draft) => set(alarm(draft, 'production', 'api-unhealthy-green'), 'DatapointsToAlarm', 60),
  },
  {
    name: 'the rate of errors leaves those of the tasks out',
    environment: 'production',
    turnsRed: ['alarms/error-rate'],
    edit: (draft) => {
      const formula = listAt(alarm(draft, 'production', 'api-error-rate'), 'Metrics').find(
        (each) => textAt(each, 'Expression') !== '',
      );
      set(formula, 'Expression', 'IF(requests >= 100, 100 * FILL(ours, 0) / requests, 0)');
    },
  },
  {
    name: 'that nothing is measured is fine',
    environment: 'production',
    turnsRed: ['alarms/nobody-collects'],
    edit: (draft) => set(alarm(draft, 'production', 'nobody-collected'), 'TreatMissingData', 'notBreaching'),
  },
  {
    name: 'refused sign-ins are counted over a day',
    environment: 'production',
    turnsRed: ['alarms/failed-sign-ins'],
    edit: (draft) => set(alarm(draft, 'production', 'refused-sign-ins'), 'Period', 86_400),
  },
  {
    name: 'the certificate of the edge is watched from its last day on',
    environment: 'production',
    turnsRed: ['alarms/edge'],
    edit: (draft) => set(alarm(draft, 'production', 'edge-certificate'), 'Threshold', 1),
  },
  {
    name: 'full storage is a warning',
    environment: 'production',
    turnsRed: ['alarms/rds-storage'],
    edit: (draft) => lessSevere(alarm(draft, 'production', 'database-writer-storage')),
  },
  {
    name: 'errors of the edge are a warning',
    environment: 'production',
    turnsRed: ['alarms/edge'],
    edit: (draft) => lessSevere(alarm(draft, 'production', 'edge-errors')),
  },
  {
    name: 'a release goes on while requests are slow',
    environment: 'staging',
    turnsRed: ['alarms/rollback', 'compute/rollback'],
    edit: (draft) => {
      const watched = at(apiRelease(draft), 'Alarms');
      set(
        watched,
        'AlarmNames',
        listAt(watched, 'AlarmNames').filter((name) => !String(name).endsWith('-p99')),
      );
    },
  },
  {
    name: 'the dashboard of security shows no failed sign-ins',
    environment: 'production',
    turnsRed: ['observability/dashboards'],
    edit: (draft) => {
      const board = draft.one('Observability', 'AWS::CloudWatch::Dashboard', {
        DashboardName: 'quittance-production-security',
      }).Properties;
      const body = JSON.stringify(board['DashboardBody'] ?? '').replaceAll('RefusedSignIns', 'SignInSuccesses');
      set(board, 'DashboardBody', JSON.parse(body));
    },
  },
  {
    name: 'green is asked whether it lives and not whether it serves',
    environment: 'production',
    turnsRed: ['compute/target-groups'],
    edit: (draft) => {
      const [, green] = draft.all('Ingress', 'AWS::ElasticLoadBalancingV2::TargetGroup');
      set(green?.Properties, 'HealthCheckPath', '/ping');
    },
  },
  {
    name: 'the API of staging is half as large',
    environment: 'staging',
    turnsRed: ['compute/api-size'],
    edit: (draft) => set(draft.one('Api', 'AWS::ECS::TaskDefinition').Properties, 'Cpu', '256'),
  },
  {
    name: 'the API of production may grow to thirty tasks',
    environment: 'production',
    turnsRed: ['compute/api-count'],
    edit: (draft) => set(draft.one('Api', 'AWS::ApplicationAutoScaling::ScalableTarget').Properties, 'MaxCapacity', 30),
  },
  {
    name: 'a lost backup vault can be emptied by an administrator',
    environment: 'production',
    turnsRed: ['data/vault'],
    edit: (draft) =>
      unset(at(draft.one('Data', 'AWS::Backup::BackupVault').Properties, 'LockConfiguration'), 'ChangeableForDays'),
  },
  {
    name: 'daily backups stay in one region',
    environment: 'production',
    turnsRed: ['data/copies'],
    edit: (draft) => unset(backupRule(draft, 'Daily'), 'CopyActions'),
  },
  {
    name: 'the backup of a month is made once a year',
    environment: 'production',
    turnsRed: ['data/monthly-backups'],
    edit: (draft) => set(backupRule(draft, 'Monthly'), 'ScheduleExpression', 'cron(0 4 1 1 ? *)'),
  },
  {
    name: 'a restore is tried once a year',
    environment: 'production',
    turnsRed: ['data/restore-tested'],
    edit: (draft) =>
      set(draft.one('Data', 'AWS::Backup::RestoreTestingPlan').Properties, 'ScheduleExpression', 'cron(0 5 1 1 ? *)'),
  },
  {
    name: 'the ledger can be deleted with one command',
    environment: 'production',
    turnsRed: ['data/deletion'],
    edit: (draft) => set(draft.one('Data', 'AWS::RDS::DBCluster').Properties, 'DeletionProtection', false),
  },
  {
    name: 'each task of the API opens twice as many connections',
    environment: 'production',
    turnsRed: ['data/connection-budget'],
    edit: (draft) => set(parameter(draft, 'Api', '/DATABASE_POOL_MAX/'), 'Value', '24'),
  },
  {
    name: 'the trail can be shortened by who has the right',
    environment: 'production',
    turnsRed: ['trail/bucket'],
    edit: (draft) => {
      const rule = at(bucket(draft, 'Logging', '-trail'), 'ObjectLockConfiguration', 'Rule', 'DefaultRetention');
      set(rule, 'Mode', 'GOVERNANCE');
      set(rule, 'Days', 1);
    },
  },
  {
    name: 'an access token is good for a day',
    environment: 'production',
    turnsRed: ['identity/tokens'],
    edit: (draft) =>
      set(draft.one('Identity', 'AWS::Cognito::UserPoolClient').Properties, 'AccessTokenValidity', 1_440),
  },
  {
    name: 'receipts are kept for a day',
    environment: 'production',
    turnsRed: ['channels/receipts'],
    edit: (draft) =>
      set(
        draft.one('Channels', 'AWS::SQS::Queue', { QueueName: 'quittance-production-receipts' }).Properties,
        'MessageRetentionPeriod',
        86_400,
      ),
  },
  {
    name: 'the API is unreachable for a day before anybody wakes',
    environment: 'production',
    turnsRed: ['edge/health-check'],
    edit: (draft) => set(alarm(draft, 'production', 'edge-unreachable'), 'EvaluationPeriods', 1_440),
  },
  {
    name: 'the whole of history is replaced at once',
    environment: 'staging',
    turnsRed: ['temporal/gentle-rollout'],
    edit: (draft) =>
      set(
        at(
          draft.one('Temporal', 'AWS::ECS::Service', { ServiceName: 'temporal-history' }).Properties,
          'DeploymentConfiguration',
        ),
        'MinimumHealthyPercent',
        0,
      ),
  },
];

const alarmType = 'AWS::CloudWatch::Alarm';

const tenth = (properties: JsonObject): void => set(properties, 'Threshold', Number(properties['Threshold']) / 10);

/** The words of an alarm say `warning`; all else stays. */
const lessSevere = (properties: JsonObject): void =>
  set(properties, 'AlarmDescription', textAt(properties, 'AlarmDescription').replace(/^critical: /, 'warning: '));

const apiRelease = (draft: Draft): Json | undefined =>
  at(draft.one('Api', 'AWS::ECS::Service').Properties, 'DeploymentConfiguration');

const backupRule = (draft: Draft, name: string): Json | undefined =>
  listAt(draft.one('Data', 'AWS::Backup::BackupPlan').Properties, 'BackupPlan', 'BackupPlanRule').find(
    (rule) => at(rule, 'RuleName') === name,
  );

/** A parameter of a stack, by a part of its name. */
function parameter(draft: Draft, stack: string, part: string): JsonObject {
  const found = draft
    .all(stack, 'AWS::SSM::Parameter')
    .map(({ Properties }) => Properties)
    .find((properties) => JSON.stringify(properties?.['Name'] ?? '').includes(part));
  if (!isObject(found)) throw new Error(`${stack} has no parameter ${part}`);
  return found;
}
