import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** Requirement 001's tasks: units of processor, MiB, and how many there are. */
export const apiSizes = {
  development: { Cpu: '256', Memory: '512', min: 1, max: 2 },
  staging: { Cpu: '512', Memory: '1024', min: 2, max: 4 },
  production: { Cpu: '1024', Memory: '2048', min: 3, max: 10 },
} as const;

export const serviceType = 'AWS::ECS::Service';

export const targetGroupType = 'AWS::ElasticLoadBalancingV2::TargetGroup';
export const ruleType = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Of the two rules: the first 16 digits of the SHA-256 of their properties. */
export const sealOfRules = '46cc41fe4d98e044';

export const attributesOf = (properties: Json, member: string): Record<string, Json> =>
  Object.fromEntries(
    listAt(properties, member).map((attribute) => [textAt(attribute, 'Key'), at(attribute, 'Value') ?? null]),
  );

export const scalingsOf = ({ environment, resources }: Synthesised, service: string): Resource[] =>
  resources('*', 'AWS::ApplicationAutoScaling::ScalableTarget', {
    ResourceId: `service/quittance-${environment.name}/${service}`,
  });

export function scalingOf(synthesised: Synthesised, service: string): Resource {
  const [first] = scalingsOf(synthesised, service);
  if (first === undefined) throw new Error(`${service} has no scaling`);
  return first;
}

type Step = { threshold: number; minutes: number; comparison: string; adjustment: number };

/** The alarm of one direction, and the policy that it calls. */
export function stepProblems(
  { resources, target }: Synthesised,
  { threshold, minutes, comparison, adjustment }: Step,
): string[] {
  const alarms = resources('Api', 'AWS::CloudWatch::Alarm', {
    MetricName: 'CPUUtilization',
    ComparisonOperator: comparison,
    Threshold: threshold,
    EvaluationPeriods: minutes,
    Period: 60,
  });
  const what = `${adjustment} at ${threshold} % for ${minutes} min`;
  const [alarm] = alarms;
  if (alarm === undefined || alarms.length > 1) return [`${alarms.length} alarms say ${what}`];
  const [action] = listAt(alarm.properties, 'AlarmActions');
  const policy = target(action);
  return expected(`the step of ${what}`, at(policy?.properties, 'StepScalingPolicyConfiguration'), {
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [{ ScalingAdjustment: adjustment }],
  });
}

export const workerFamilies = ({ resources, environment }: Synthesised): string[] =>
  resources('Workers', 'AWS::ECS::TaskDefinition').map(({ properties }) =>
    textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''),
  );

/** A parameter of ours, or a secret by its whole name, with a field or without. */
export function isFromStore({ target }: Synthesised, from: string): boolean {
  const type = target(/\$\{[^}]+\}/.exec(from)?.[0])?.type ?? '';
  const managed = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];
  return ['AWS::SSM::Parameter', 'AWS::SecretsManager::Secret', ...managed].includes(type);
}
