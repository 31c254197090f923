import { releaseAlarms } from '../observability/names.ts';
import { alarmOf, eachHas, inAll, namesOf, severityProblems, type WantedAlarm } from './alarms.ts';
import { expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

const blueAndGreen = ({ resources }: Synthesised) =>
  namesOf(resources('Ingress', 'AWS::ElasticLoadBalancingV2::TargetGroup'), '.TargetGroupFullName', '');

const counted = (id: string, metric: string): WantedAlarm => ({
  id,
  severity: 'critical',
  metric,
  statistic: 'Sum',
  is: 'GreaterThanThreshold',
  threshold: 10,
  periodSeconds: 60,
  periods: 1,
});

function noTaskProblems(synthesised: Synthesised): string[] {
  const alarm = alarmOf(synthesised, 'api-no-task');
  return alarm === undefined
    ? ['nobody is told when no task is healthy']
    : severityProblems(synthesised, alarm, 'critical');
}

/** What clients get. */
export const apiAlarmRows: readonly Row[] = [
  {
    id: 'alarms/alb-5xx',
    source: ['001'],
    requirement: 'Critical: more than 10 answers 5xx of the balancer in 1 minute',
    answer: 'Three alarms: errors of the balancer itself, and of the tasks, blue and green each.',
    check: (synthesised) => [
      ...inAll(
        counted(releaseAlarms.balancerErrors, 'HTTPCode_ELB_5XX_Count'),
        counted(releaseAlarms.errorsBlue, 'HTTPCode_Target_5XX_Count'),
        counted(releaseAlarms.errorsGreen, 'HTTPCode_Target_5XX_Count'),
      )(synthesised),
      ...eachHas(
        synthesised,
        {
          namespace: 'AWS/ApplicationELB',
          metric: 'HTTPCode_Target_5XX_Count',
          dimension: 'TargetGroup',
          severity: 'critical',
        },
        blueAndGreen(synthesised),
        {},
      ),
    ],
  },
  {
    id: 'alarms/p99',
    source: ['001'],
    requirement: 'Warning: p99 above 2 s',
    answer: 'In three of five minutes, so that one slow minute at night wakes nobody and no release.',
    check: inAll({
      id: releaseAlarms.slow,
      severity: 'warning',
      metric: 'TargetResponseTime',
      statistic: 'p99',
      is: 'GreaterThanThreshold',
      threshold: 2,
      periodSeconds: 60,
      periods: 5,
      beyond: 3,
    }),
  },
  {
    id: 'alarms/p95',
    source: ['002'],
    requirement: 'p95 of answers is watched',
    answer: 'Above a second in three of five minutes.',
    check: inAll({
      id: 'api-p95',
      severity: 'warning',
      metric: 'TargetResponseTime',
      statistic: 'p95',
      is: 'GreaterThanThreshold',
      threshold: 1,
      periodSeconds: 60,
      periods: 5,
      beyond: 3,
    }),
  },
  {
    id: 'alarms/health-checks',
    source: ['001'],
    requirement: 'Warning: more than 2 failed health checks in a row',
    answer: 'An unhealthy task for three minutes, blue and green each; critical when no task at all is healthy.',
    check: (synthesised) => [
      ...eachHas(
        synthesised,
        {
          namespace: 'AWS/ApplicationELB',
          metric: 'UnHealthyHostCount',
          dimension: 'TargetGroup',
          severity: 'warning',
        },
        blueAndGreen(synthesised),
        {
          Statistic: 'Maximum',
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
          Period: 60,
          EvaluationPeriods: 3,
          DatapointsToAlarm: 3,
        },
      ),
      ...(synthesised.environment.sleepsAtNight ? [] : noTaskProblems(synthesised)),
    ],
  },
  {
    id: 'alarms/error-rate',
    source: ['002'],
    requirement: 'The rate of errors is watched',
    answer: 'More than 1 % of at least 100 answers in five minutes, those of the balancer and of the tasks together.',
    check: (synthesised) => {
      const alarm = alarmOf(synthesised, 'api-error-rate');
      const formula = listAt(alarm?.properties, 'Metrics')
        .map((each) => textAt(each, 'Expression'))
        .find((each) => each !== '');
      return [
        ...expected('the alarm', alarm?.properties, {
          Threshold: 1,
          EvaluationPeriods: 1,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
        ...(alarm === undefined ? [] : severityProblems(synthesised, alarm, 'critical')),
        ...expected(
          'its formula',
          formula,
          'IF(requests >= 100, 100 * (FILL(theirs, 0) + FILL(ours, 0)) / requests, 0)',
        ),
      ];
    },
  },
];
