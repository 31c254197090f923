import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import type { AlarmSpec, Figure, Measured } from './alarm-spec.ts';
import { alarmNameOf } from './names.ts';

type AlarmsProps = {
  environment: Environment;
  specs: readonly AlarmSpec[];
  /** Where each alarm is told, by its severity. */
  topics: Readonly<Record<AlarmSpec['severity'], ITopic>>;
};

/** Alarms from their table, each told when it begins and when it ends. */
export class Alarms extends Construct {
  readonly bySeverity: Readonly<Record<AlarmSpec['severity'], Alarm[]>> = { critical: [], warning: [] };

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { environment, specs, topics } = props;
    for (const spec of specs.filter(({ onlyAwake }) => !(onlyAwake && environment.sleepsAtNight))) {
      const alarm = new Alarm(this, spec.id, {
        alarmName: alarmNameOf(environment.name, spec.id),
        alarmDescription: `${spec.severity}: ${spec.says}`,
        metric: toMetric(spec.measured, Duration.seconds(spec.periodSeconds)),
        comparisonOperator: operators[spec.is],
        threshold: spec.threshold,
        evaluationPeriods: spec.periods,
        datapointsToAlarm: spec.beyond ?? spec.periods,
        treatMissingData: missing[spec.whenMissing],
      });
      const action = new SnsAction(topics[spec.severity]);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      this.bySeverity[spec.severity].push(alarm);
    }
  }
}

const operators = {
  '>': ComparisonOperator.GREATER_THAN_THRESHOLD,
  '>=': ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  '<': ComparisonOperator.LESS_THAN_THRESHOLD,
};

const missing = { fine: TreatMissingData.NOT_BREACHING, alarm: TreatMissingData.BREACHING };

/** What is measured, as a metric of CloudWatch, in periods of this length. */
export function toMetric(measured: Measured, period: Duration): IMetric {
  if ('metric' in measured) return toOne(measured.metric, period);
  const usingMetrics = Object.fromEntries(
    Object.entries(measured.of).map(([name, each]) => [name, toOne(each, period)]),
  );
  return new MathExpression({ expression: measured.formula, usingMetrics, period });
}

const toOne = ({ namespace, name, dimensions, statistic }: Figure, period: Duration): Metric =>
  new Metric({ namespace, metricName: name, dimensionsMap: { ...dimensions }, statistic, period });
