import { alarmsOn, eachHas, inAll, namesOf } from './alarms.ts';
import { scalingOf } from './compute-parts.ts';
import { expected, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

const services = ({ resources }: Synthesised) => namesOf(resources('*', 'AWS::ECS::Service'), '.Name', 'ServiceName');

const instances = ({ resources }: Synthesised) =>
  namesOf(resources('Data', 'AWS::RDS::DBInstance'), '', 'DBInstanceIdentifier');

/** Requirement 001's shape of an alarm: more than so much, for five minutes. */
const overFiveMinutes = (threshold: number, statistic = 'Average') => ({
  Statistic: statistic,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: threshold,
  Period: 60,
  EvaluationPeriods: 5,
  DatapointsToAlarm: 5,
});

/** What programs and databases run on. */
export const serverAlarmRows: readonly Row[] = [
  {
    id: 'alarms/ecs-cpu',
    source: ['001'],
    requirement: 'Critical: processor of ECS above 90 % for 5 minutes',
    answer: 'For each service: the API, every version of the worker, the simulator, Temporal.',
    check: (synthesised) =>
      eachHas(
        synthesised,
        { namespace: 'AWS/ECS', metric: 'CPUUtilization', dimension: 'ServiceName', severity: 'critical' },
        services(synthesised),
        overFiveMinutes(90),
      ),
  },
  {
    id: 'alarms/ecs-memory',
    source: ['001'],
    requirement: 'Warning: memory of ECS above 80 % for 5 minutes',
    answer: 'For each service.',
    check: (synthesised) =>
      eachHas(
        synthesised,
        { namespace: 'AWS/ECS', metric: 'MemoryUtilization', dimension: 'ServiceName', severity: 'warning' },
        services(synthesised),
        overFiveMinutes(80),
      ),
  },
  {
    id: 'alarms/ecs-tasks',
    source: ['platform'],
    requirement: 'A service with too few tasks is seen',
    answer:
      'Fewer tasks than the least for five minutes, also when nothing is measured; the number itself is in the snapshots and not read here. Not where tasks sleep at night.',
    check: (synthesised) =>
      synthesised.environment.sleepsAtNight
        ? alarmsOn(synthesised, 'ECS/ContainerInsights', 'RunningTaskCount').map(
            ({ id }) => `${id} would be raised each evening`,
          )
        : synthesised.resources('*', 'AWS::ECS::Service').flatMap((service) =>
            eachHas(
              synthesised,
              {
                namespace: 'ECS/ContainerInsights',
                metric: 'RunningTaskCount',
                dimension: 'ServiceName',
                severity: 'critical',
              },
              namesOf([service], '.Name', 'ServiceName'),
              {
                Statistic: 'Minimum',
                ComparisonOperator: 'LessThanThreshold',
                Threshold:
                  scalingOf(synthesised, textAt(service.properties, 'ServiceName')).properties['MinCapacity'] ?? null,
                Period: 60,
                EvaluationPeriods: 5,
                DatapointsToAlarm: 5,
                TreatMissingData: 'breaching',
              },
            ),
          ),
  },
  {
    id: 'alarms/rds-cpu',
    source: ['001'],
    requirement: 'Critical: processor of the database above 85 % for 5 minutes',
    answer: 'For each server: writer and readers.',
    check: (synthesised) =>
      eachHas(
        synthesised,
        { namespace: 'AWS/RDS', metric: 'CPUUtilization', dimension: 'DBInstanceIdentifier', severity: 'critical' },
        instances(synthesised),
        overFiveMinutes(85),
      ),
  },
  {
    id: 'alarms/rds-storage',
    source: ['001'],
    requirement: 'Critical: less than 10 % of the storage of the database is free',
    answer:
      "RDS: `FreeStorageSpace` below 10 % of what is allocated. Aurora's volume grows by itself, so there it is the storage of each server (`FreeLocalStorage`), and the volume is on the dashboard.",
    check: (synthesised) => {
      const { database } = synthesised.environment;
      const isAurora = database.engine === 'aurora';
      return eachHas(
        synthesised,
        {
          namespace: 'AWS/RDS',
          metric: isAurora ? 'FreeLocalStorage' : 'FreeStorageSpace',
          dimension: 'DBInstanceIdentifier',
          severity: 'critical',
        },
        instances(synthesised),
        {
          Statistic: 'Minimum',
          ComparisonOperator: 'LessThanThreshold',
          Threshold: Math.round((isAurora ? 7.5 : database.storageGiB) * 1_024 ** 3 * 0.1),
          Period: 300,
          EvaluationPeriods: 1,
        },
      );
    },
  },
  {
    id: 'alarms/replica-lag',
    source: ['002'],
    requirement: 'The lag of replicas is watched',
    answer:
      'Above 1,000 ms for five minutes where there are readers (production). The platform has its own alarm besides (standby_unusable).',
    check: (synthesised) =>
      synthesised.environment.database.engine === 'aurora'
        ? inAll({
            id: 'database-replica-lag',
            severity: 'warning',
            metric: 'AuroraReplicaLagMaximum',
            statistic: 'Maximum',
            is: 'GreaterThanThreshold',
            threshold: 1_000,
            periodSeconds: 60,
            periods: 5,
          })(synthesised)
        : expected(
            'alarms of readers that are not there',
            alarmsOn(synthesised, 'AWS/RDS', 'AuroraReplicaLagMaximum').length,
            0,
          ),
  },
  {
    id: 'alarms/credits',
    source: ['001', '002'],
    requirement: 'A burstable database that is used too much is seen',
    answer:
      'Fewer than 30 processor credits left for a quarter of an hour, or credits that are paid for; and more than 80 % of the connections. Not there yet: a measured ceiling of each class.',
    check: (synthesised) => [
      ...eachHas(
        synthesised,
        { namespace: 'AWS/RDS', metric: 'CPUCreditBalance', dimension: 'DBInstanceIdentifier', severity: 'warning' },
        instances(synthesised),
        {
          Statistic: 'Minimum',
          ComparisonOperator: 'LessThanThreshold',
          Threshold: 30,
          Period: 300,
          EvaluationPeriods: 3,
        },
      ),
      ...eachHas(
        synthesised,
        {
          namespace: 'AWS/RDS',
          metric: 'CPUSurplusCreditsCharged',
          dimension: 'DBInstanceIdentifier',
          severity: 'warning',
        },
        instances(synthesised),
        { ComparisonOperator: 'GreaterThanThreshold', Threshold: 0 },
      ),
      ...eachHas(
        synthesised,
        { namespace: 'AWS/RDS', metric: 'DatabaseConnections', dimension: 'DBInstanceIdentifier', severity: 'warning' },
        instances(synthesised),
        {
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: Math.floor(synthesised.environment.database.maxConnections * 0.8),
        },
      ),
    ],
  },
];
