import { alarmTable } from '../../telemetry/alarms/table.ts';
import { releaseAlarms } from '../observability/names.ts';
import { alarmOf, alarmsOn, dimensionsOf, inAll, type WantedAlarm } from './alarms.ts';
import { expected, matches, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

/** What programs say of themselves, and that they say anything. */
export const programAlarmRows: readonly Row[] = [
  {
    id: 'alarms/queue-depth',
    source: ['002'],
    requirement: 'The depth of the queues is watched',
    answer:
      "Transfers that wait in the API, and notices that are due (the outbox). Alarms also of Temporal's backlog, for each kind of worker: tasks that wait (above 1,000 for five minutes) and how long the oldest does (above a minute, three times). The scaler measures both figures; that it does not is an alarm itself (three minutes without one).",
    check: (synthesised) => [
      ...['transfers', 'records'].flatMap((service) => backlogProblems(synthesised, service)),
      ...inAll(
        {
          id: 'intake-waits',
          severity: 'warning',
          metric: 'quittance_intake_waiting',
          statistic: 'Maximum',
          is: 'GreaterThanThreshold',
          threshold: 500,
          periodSeconds: 60,
          periods: 5,
        },
        {
          id: 'outbox-age',
          severity: 'warning',
          metric: 'quittance_notices_oldest_due_seconds',
          statistic: 'Maximum',
          is: 'GreaterThanThreshold',
          threshold: 600,
          periodSeconds: 60,
          periods: 2,
        },
      )(synthesised),
    ],
  },
  {
    id: 'alarms/workflows',
    source: ['002'],
    requirement: 'Failed workflows, and a ledger that does not balance',
    answer:
      'A workflow that ends as failed is critical: they are counted, and no rate is made of it. The ledger refuses at commit what does not balance, so no figure can differ from zero: the two alarms that it raises then are critical and roll back a release in production.',
    check: (synthesised) => [
      ...inAll({
        id: 'workflows-fail',
        severity: 'critical',
        metric: 'temporal_workflow_failed_total',
        statistic: 'Sum',
        is: 'GreaterThanThreshold',
        threshold: 0,
        periodSeconds: 300,
        periods: 1,
      })(synthesised),
      ...[releaseAlarms.requestBrokeACheck, releaseAlarms.stepBrokeACheck]
        .filter((id) => !textAt(alarmOf(synthesised, id)?.properties, 'AlarmDescription').startsWith('critical'))
        .map((id) => `${id} is not critical`),
    ],
  },
  {
    id: 'alarms/platform',
    source: ['platform'],
    requirement: 'Every alarm of the platform arrives',
    answer:
      "One alarm for each row of the platform's own table (docs/alarms.md), from the lines that programs write; each program's log counts them.",
    check: (synthesised) => {
      const found = alarmsOn(synthesised, `Quittance/${synthesised.environment.name}`, 'Alarms').filter((alarm) =>
        matches(alarm.properties, {
          Statistic: 'Sum',
          Period: 60,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 5,
          DatapointsToAlarm: 1,
        }),
      );
      const names = found.map((alarm) => dimensionsOf(alarm)['alarm'] ?? '');
      return [
        ...Object.keys(alarmTable)
          .filter((name) => !names.includes(name))
          .map((name) => `${name} has no alarm on AWS`),
        ...names.filter((name) => !(name in alarmTable)).map((name) => `${name} is no alarm of the platform`),
        ...unread(synthesised),
      ];
    },
  },
  {
    id: 'alarms/nobody-collects',
    source: ['platform'],
    requirement: 'That nothing is measured is an alarm itself',
    answer: 'No collector reads a program for three minutes, where tasks do not sleep. Alarms from log lines go on.',
    check: (synthesised) =>
      synthesised.environment.sleepsAtNight
        ? []
        : inAll({
            id: 'nobody-collected',
            severity: 'critical',
            metric: 'quittance_run_age_seconds',
            statistic: 'Minimum',
            is: 'GreaterThanThreshold',
            threshold: 120,
            periodSeconds: 60,
            periods: 3,
            missing: 'breaching',
          })(synthesised),
  },
  {
    id: 'alarms/failed-sign-ins',
    source: ['001'],
    requirement: 'Failed logins are measured',
    answer:
      'Answers 401 of the API from its log. An alarm of sign-ins that fail in Cognito is there too (its threshold is in the snapshots and not read here), and has nothing to count until a console signs people in.',
    check: (synthesised) => [
      ...inAll({
        id: 'refused-sign-ins',
        severity: 'warning',
        metric: 'RefusedSignIns',
        statistic: 'Sum',
        is: 'GreaterThanThreshold',
        threshold: 300,
        periodSeconds: 300,
        periods: 1,
      })(synthesised),
      ...(alarmOf(synthesised, 'console-sign-ins-fail') === undefined
        ? ['failed sign-ins of the console alarm nobody']
        : []),
    ],
  },
];

/** Programs whose log nobody counts alarms in. */
const unread = ({ resources }: Synthesised): string[] => {
  const filters = resources('*', 'AWS::Logs::MetricFilter', { MetricTransformations: [{ MetricName: 'Alarms' }] });
  return ['Api', 'Workers']
    .filter((stack) => !filters.some((filter) => filter.stack === stack))
    .map((stack) => `nobody counts alarms in the log of ${stack}`);
};

/** What waits for a kind of worker: how much, for how long, and that somebody measures it. */
function backlogProblems(synthesised: Synthesised, service: string): string[] {
  const wanted: WantedAlarm[] = [
    {
      id: `queue-depth-${service}`,
      severity: 'warning',
      metric: 'TaskQueueBacklog',
      statistic: 'Maximum',
      is: 'GreaterThanThreshold',
      threshold: 1_000,
      periodSeconds: 60,
      periods: 5,
    },
    {
      id: `queue-age-${service}`,
      severity: 'critical',
      metric: 'TaskQueueBacklogAge',
      statistic: 'Maximum',
      is: 'GreaterThanThreshold',
      threshold: 60,
      periodSeconds: 60,
      periods: 3,
    },
    {
      id: `queue-unmeasured-${service}`,
      severity: 'critical',
      metric: 'TaskQueueBacklog',
      statistic: 'SampleCount',
      is: 'LessThanThreshold',
      threshold: 1,
      periodSeconds: 60,
      periods: 3,
      missing: 'breaching',
    },
  ];
  // Where tasks sleep at night, the scaler does too.
  const present = wanted.filter(({ missing }) => missing !== 'breaching' || !synthesised.environment.sleepsAtNight);
  return [
    ...inAll(...present)(synthesised),
    ...present.flatMap(({ id }) =>
      expected(`the service of ${id}`, dimensionsOf(alarmOf(synthesised, id)), { service }),
    ),
  ];
}
