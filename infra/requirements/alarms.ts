import { expected, type JsonObject, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** `critical` wakes somebody; `warning` is read by day. */
export type Severity = (typeof severities)[number];
const severities = ['critical', 'warning'] as const;

/** What a requirement says of an alarm. `statistic` is a plain one (`Average`) or a percentile (`p99`). */
export type WantedAlarm = {
  id: string;
  severity: Severity;
  metric: string;
  statistic: string;
  is: 'GreaterThanThreshold' | 'LessThanThreshold';
  threshold: number;
  periodSeconds: number;
  periods: number;
  beyond?: number;
  missing?: 'breaching' | 'notBreaching';
};

/** The alarm of an environment by its id, in whichever stack. */
export const alarmOf = ({ resources, environment }: Synthesised, id: string): Resource | undefined =>
  resources('*', 'AWS::CloudWatch::Alarm', { AlarmName: `quittance-${environment.name}-${id}` })[0];

/** What of an alarm is not as it is wanted, and whether anybody is told. */
export function alarmProblems(synthesised: Synthesised, wanted: WantedAlarm): string[] {
  const alarm = alarmOf(synthesised, wanted.id);
  if (alarm === undefined) return [`there is no alarm ${wanted.id}`];
  const { properties } = alarm;
  const simple: JsonObject = /^p\d/.test(wanted.statistic)
    ? { ExtendedStatistic: wanted.statistic }
    : { Statistic: wanted.statistic };
  return [
    ...expected(wanted.id, properties, {
      ...simple,
      MetricName: wanted.metric,
      ComparisonOperator: wanted.is,
      Threshold: wanted.threshold,
      Period: wanted.periodSeconds,
      EvaluationPeriods: wanted.periods,
      DatapointsToAlarm: wanted.beyond ?? wanted.periods,
      TreatMissingData: wanted.missing ?? 'notBreaching',
    }),
    ...severityProblems(synthesised, alarm, wanted.severity),
    ...toldProblems(synthesised, alarm),
  ];
}

/** How severe an alarm says that it is. */
export const severityOf = ({ properties }: Resource): Severity | undefined =>
  severities.find((severity) => textAt(properties, 'AlarmDescription').startsWith(`${severity}: `));

/**
 * Whether an alarm is as severe as is wanted: by what it says, and by whether it is in the page, which wakes somebody. The edge's alarms,
 * in another region, cannot be.
 */
export function severityProblems({ resources }: Synthesised, alarm: Resource, severity: Severity): string[] {
  const name = textAt(alarm.properties, 'AlarmName') || alarm.id;
  const wakes = resources('Observability', 'AWS::CloudWatch::CompositeAlarm').some(({ properties }) =>
    JSON.stringify(properties['AlarmRule'] ?? '').includes(`${alarm.id}.Arn`),
  );
  return [
    ...(severityOf(alarm) === severity ? [] : [`${name} is not ${severity}`]),
    ...(alarm.stack === 'Edge' || wakes === (severity === 'critical')
      ? []
      : [`${name} is ${severity} and wakes ${wakes ? 'somebody' : 'nobody'}`]),
  ];
}

/** Whether an alarm is told to a topic when it begins. */
export const toldProblems = ({ target }: Synthesised, { id, properties }: Resource): string[] =>
  listAt(properties, 'AlarmActions').some((action) => target(action)?.type === 'AWS::SNS::Topic')
    ? []
    : [`${textAt(properties, 'AlarmName') || id} is told to nobody`];

/** The dimensions of an alarm as an object. */
export const dimensionsOf = (alarm: Resource | undefined): Record<string, string> =>
  Object.fromEntries(
    listAt(alarm?.properties, 'Dimensions').map((each) => [textAt(each, 'Name'), textAt(each, 'Value')]),
  );

/** The check of a row that asks for some alarms. */
export const inAll =
  (...wanted: readonly WantedAlarm[]): Row['check'] =>
  (synthesised) =>
    wanted.flatMap((each) => alarmProblems(synthesised, each));

/** Things that are measured, each by the names that its figures may have: its own, or what CloudFormation gives it. */
export const namesOf = (resources: readonly Resource[], attribute: string, member: string): string[][] =>
  resources.map(({ stack, id, properties }) =>
    [`\${${stack}.${id}${attribute}}`, textAt(properties, member)].filter((name) => name !== ''),
  );

/** Alarms on a figure of a namespace that people are told of: those of scaling have no reader. */
export const alarmsOn = ({ resources }: Synthesised, Namespace: string, MetricName: string) =>
  ['Observability', 'Edge'].flatMap((stack) => resources(stack, 'AWS::CloudWatch::Alarm', { Namespace, MetricName }));

/** A figure of things of one kind, each named by a dimension, and how bad it is when it is beyond its threshold. */
type Measured = { namespace: string; metric: string; dimension: string; severity: Severity };

/** Each of some things has an alarm of a figure. */
export function eachHas(
  synthesised: Synthesised,
  { namespace, metric, dimension, severity }: Measured,
  things: readonly (readonly string[])[],
  wanted: JsonObject,
): string[] {
  const alarms = alarmsOn(synthesised, namespace, metric);
  return [
    ...(things.length === 0 ? [`there is nothing that ${metric} could be measured of`] : []),
    ...things.flatMap((names) => {
      const alarm = alarms.find((each) => names.includes(dimensionsOf(each)[dimension] ?? ''));
      const [name] = names;
      return alarm === undefined
        ? [`${name} has no alarm of ${metric}`]
        : [
            ...expected(`${metric} of ${name}`, alarm.properties, wanted),
            ...severityProblems(synthesised, alarm, severity),
          ];
    }),
  ];
}
