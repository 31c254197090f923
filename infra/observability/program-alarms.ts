import type { EnvironmentName } from '../environment/schema.ts';
import { type AlarmSpec, type Figure, figure } from './alarm-spec.ts';
import { backlogMetrics, loggedMetrics, namespaceOf } from './names.ts';

/**
 * What the programs measure and no alarm of theirs says: that nobody says anything, and figures that grow before they become an alarm.
 * Requirement 002's queue depth and the age of its outbox are among them.
 */
export const programAlarms = (environment: EnvironmentName): AlarmSpec[] => [
  ...queueAlarms(environment),
  ...transferAlarms(environment),
  ...dependencyAlarms(environment),
];

const oursIn =
  (environment: EnvironmentName) =>
  (name: string, statistic: string, dimensions: Readonly<Record<string, string>> = {}) =>
    figure(namespaceOf(environment), name, dimensions, statistic);

function queueAlarms(environment: EnvironmentName): AlarmSpec[] {
  const ours = oursIn(environment);
  return [
    {
      id: 'nobody-collected',
      severity: 'critical',
      says: 'For three minutes no collector has read a program: other alarms on figures are blind. Alarms from log lines still work.',
      measured: ours('quittance_run_age_seconds', 'Minimum', { work: 'sweep' }),
      is: '>',
      threshold: 120,
      periodSeconds: 60,
      periods: 3,
      whenMissing: 'alarm',
      onlyAwake: true,
    },
    ...(['transfers', 'records'] as const).flatMap((service) => backlogAlarms(service, ours)),
    {
      id: 'intake-waits',
      severity: 'warning',
      says: 'More than 500 transfers of one task of the API wait for a lane for five minutes: more come than are carried.',
      measured: ours('quittance_intake_waiting', 'Maximum'),
      is: '>',
      threshold: 500,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    {
      id: 'outbox-age',
      severity: 'warning',
      says: 'Notices are due for ten minutes and were not delivered.',
      measured: ours('quittance_notices_oldest_due_seconds', 'Maximum'),
      is: '>',
      threshold: 600,
      periodSeconds: 60,
      periods: 2,
      whenMissing: 'fine',
    },
  ];
}

/** Tasks of Temporal that wait for a worker of a service. */
const backlogAlarms = (service: 'transfers' | 'records', ours: ReturnType<typeof oursIn>): AlarmSpec[] => [
  {
    id: `queue-depth-${service}`,
    severity: 'warning',
    says: `More than 1,000 tasks of ${service} wait for a worker for five minutes, with as many workers as there may be.`,
    measured: ours(backlogMetrics.count, 'Maximum', { service }),
    is: '>',
    threshold: 1_000,
    periodSeconds: 60,
    periods: 5,
    whenMissing: 'fine',
  },
  {
    id: `queue-age-${service}`,
    severity: 'critical',
    says: `The oldest task of ${service} waits for a worker for more than a minute, three minutes in a row.`,
    measured: ours(backlogMetrics.ageSeconds, 'Maximum', { service }),
    is: '>',
    threshold: 60,
    periodSeconds: 60,
    periods: 3,
    whenMissing: 'fine',
  },
  {
    id: `queue-unmeasured-${service}`,
    severity: 'critical',
    says: `For three minutes nobody has measured what waits for ${service}: its workers do not grow with the backlog, and the two alarms of it are blind. See the scaler and whether Temporal answers it.`,
    measured: ours(backlogMetrics.count, 'SampleCount', { service }),
    is: '<',
    threshold: 1,
    periodSeconds: 60,
    periods: 3,
    whenMissing: 'alarm',
    onlyAwake: true,
  },
];

function transferAlarms(environment: EnvironmentName): AlarmSpec[] {
  const ours = oursIn(environment);
  return [
    {
      id: 'transfers-not-attempted',
      severity: 'critical',
      says: 'Clients are answered not_attempted, undecided or outcome_unknown more than six times a minute.',
      measured: {
        formula: 'FILL(a, 0) + FILL(b, 0) + FILL(c, 0)',
        of: {
          a: outcome(environment, 'not_attempted'),
          b: outcome(environment, 'undecided'),
          c: outcome(environment, 'outcome_unknown'),
        },
      },
      is: '>',
      threshold: 6,
      periodSeconds: 60,
      periods: 2,
      whenMissing: 'fine',
    },
    {
      id: 'rail-down',
      severity: 'critical',
      says: 'A rail is down for five minutes: docs/runbooks/rail-is-down.md.',
      measured: ours('quittance_rail_breaker_open', 'Maximum'),
      is: '>',
      threshold: 0,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    {
      id: 'workflows-fail',
      severity: 'critical',
      says: 'A workflow ended as failed. Ours go on until they have an outcome, so none should.',
      measured: ours('temporal_workflow_failed_total', 'Sum'),
      is: '>',
      threshold: 0,
      periodSeconds: 300,
      periods: 1,
      whenMissing: 'fine',
    },
  ];
}

function dependencyAlarms(environment: EnvironmentName): AlarmSpec[] {
  const ours = oursIn(environment);
  return [
    {
      id: 'database-errors',
      severity: 'warning',
      says: 'The database answers the programs with more than 60 errors a minute.',
      measured: ours('quittance_database_errors_total', 'Sum'),
      is: '>',
      threshold: 60,
      periodSeconds: 60,
      periods: 2,
      whenMissing: 'fine',
    },
    {
      id: 'cache-errors',
      severity: 'warning',
      says: 'The cache does not answer or refuses for five minutes; reads go to Postgres.',
      measured: ours('quittance_redis_errors_total', 'Sum'),
      is: '>',
      threshold: 60,
      periodSeconds: 60,
      periods: 5,
      whenMissing: 'fine',
    },
    {
      id: 'refused-sign-ins',
      severity: 'warning',
      says: 'More than 300 requests in five minutes came without a valid key: a client with an old one, or somebody who tries.',
      measured: ours(loggedMetrics.refusedSignIns, 'Sum'),
      is: '>',
      threshold: 300,
      periodSeconds: 300,
      periods: 1,
      whenMissing: 'fine',
    },
  ];
}

const outcome = (environment: EnvironmentName, name: string): Figure => ({
  namespace: namespaceOf(environment),
  name: 'quittance_intake_outcomes_total',
  dimensions: { outcome: name },
  statistic: 'Sum',
});
