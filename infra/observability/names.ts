import type { Environment, EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/** Where the platform's own metrics stand. With the environment, because an account may hold several. */
export const namespaceOf = (environment: EnvironmentName): string => `Quittance/${environment}`;

/** The name of an alarm. ECS and people know alarms by name, so names are given and stable. */
export const alarmNameOf = (environment: EnvironmentName, alarm: string): string => `${prefixOf(environment)}-${alarm}`;

/** What the lines of the programs are counted as: alarms by their name in `alarm`, and answers 401. */
export const loggedMetrics = { alarms: 'Alarms', refusedSignIns: 'RefusedSignIns' } as const;

/** What the scaler measures of Temporal's task queues, by `service` (`transfers`, `records`): tasks that wait, and for how long the oldest does. */
export const backlogMetrics = {
  count: 'TaskQueueBacklog',
  ageSeconds: 'TaskQueueBacklogAge',
  isLimited: 'TaskQueueRateLimited',
} as const;

/** What workers measure of themselves, by `queue`: which part of their slots is used. */
export const slotMetric = 'quittance_worker_slots_used';

/** Ids of alarms that a release is rolled back on, so that services and alarms cannot differ. */
export const releaseAlarms = {
  balancerErrors: 'api-balancer-5xx',
  errorsBlue: 'api-errors-blue',
  errorsGreen: 'api-errors-green',
  unhealthyBlue: 'api-unhealthy-blue',
  unhealthyGreen: 'api-unhealthy-green',
  slow: 'api-p99',
  requestBrokeACheck: 'platform-request-broke-a-check',
  stepBrokeACheck: 'platform-step-broke-a-check',
} as const;

/** What stops a release of the API, by the way it is released. The more people a bad one would reach, the more is watched. */
const rollbackAlarms: Readonly<Record<Environment['api']['deployment'], readonly (keyof typeof releaseAlarms)[]>> = {
  rolling: ['errorsBlue', 'errorsGreen'],
  'blue-green': ['errorsBlue', 'errorsGreen', 'slow'],
  canary: [
    'balancerErrors',
    'errorsBlue',
    'errorsGreen',
    'slow',
    'unhealthyBlue',
    'unhealthyGreen',
    'requestBrokeACheck',
    'stepBrokeACheck',
  ],
};

/**
 * Names of the alarms that roll a release of the API back. Names and not alarms: alarms stand above the services that they watch, and a
 * reference downwards would be a circle. The ledger's imbalance of requirement 002 is among them as the two alarms that are raised when
 * the database refuses what does not balance: it is refused at commit, so there is no figure of it that could differ from zero.
 */
export const rollbackAlarmsOf = ({ name, api }: Pick<Environment, 'name' | 'api'>): string[] =>
  rollbackAlarms[api.deployment].map((alarm) => alarmNameOf(name, releaseAlarms[alarm]));
