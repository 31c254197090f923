import { at, expected, isObject, type Json, listAt, textAt } from './json.ts';
import type { Resource, Synthesised } from './synthesised.ts';
import { containersOf, programOf, settingsOf } from './tasks.ts';

export const serviceType = 'AWS::ECS::Service';

/** Task definitions of servers: those that are told roles. */
export const serverTasks = (synthesised: Synthesised): Resource[] =>
  synthesised
    .resources('Temporal', 'AWS::ECS::TaskDefinition')
    .filter((task) =>
      containersOf(synthesised).some((container) => container.task === task && isServer(synthesised, container)),
    );

const isServer = (synthesised: Synthesised, container: ReturnType<typeof containersOf>[number]): boolean =>
  'TEMPORAL_SERVICES' in settingsOf(synthesised, container);

export function serverContainer(synthesised: Synthesised, task: Resource): ReturnType<typeof containersOf>[number] {
  const found = containersOf(synthesised).find(
    (container) => container.task === task && isServer(synthesised, container),
  );
  if (found === undefined) throw new Error(`${task.id} has no server`);
  return found;
}

export const rolesOf = (synthesised: Synthesised, task: Resource): string =>
  settingsOf(synthesised, serverContainer(synthesised, task))['TEMPORAL_SERVICES'] ?? '';

export const workerFamilies = ({ resources, environment }: Synthesised): string[] =>
  resources('Workers', 'AWS::ECS::TaskDefinition').map(({ properties }) =>
    textAt(properties, 'Family').replace(`quittance-${environment.name}-`, ''),
  );

export function secretBehind({ target }: Synthesised, from: string | undefined): Resource | undefined {
  return target(/\$\{[^}]+\}/.exec(from ?? '')?.[0]);
}

export function countOf({ resources, environment }: Synthesised, service: string): Json {
  const [scaling] = resources('*', 'AWS::ApplicationAutoScaling::ScalableTarget', {
    ResourceId: `service/quittance-${environment.name}/${service}`,
  });
  return [at(scaling?.properties, 'MinCapacity') ?? null, at(scaling?.properties, 'MaxCapacity') ?? null];
}

export function scalingProblems({ resources }: Synthesised, target: Resource): string[] {
  const of = (properties: Json) => textAt(properties, 'ScalingTargetId').startsWith(`\${Workers.${target.id}`);
  const policies = resources('Workers', 'AWS::ApplicationAutoScaling::ScalingPolicy').filter(({ properties }) =>
    of(properties),
  );
  const tracked = policies.map(
    ({ properties }) => at(properties, 'TargetTrackingScalingPolicyConfiguration', 'TargetValue') ?? null,
  );
  const steps = policies.filter(({ properties }) => isObject(at(properties, 'StepScalingPolicyConfiguration')));
  const ages = resources('Workers', 'AWS::CloudWatch::Alarm', {
    MetricName: 'TaskQueueBacklogAge',
    Threshold: 30,
  }).filter(({ properties }) =>
    steps.some(({ id }) => listAt(properties, 'AlarmActions').some((action) => String(action).includes(id))),
  );
  return [
    ...expected(
      `what ${target.id} keeps`,
      tracked
        .filter((value) => value !== null)
        .map(Number)
        .toSorted((one, other) => one - other),
      [0.7, 50, 70],
    ),
    ...expected(`alarms of age of ${target.id}`, ages.length, 1),
  ];
}

/** The scaler runs, and its figures stand where the rules of the workers look for them. */
export function scalerProblems(synthesised: Synthesised): string[] {
  const settings = settingsOf(synthesised, programOf(synthesised, 'scaler'));
  const wanted = `Quittance/${synthesised.environment.name}`;
  const read = synthesised
    .resources('Workers', 'AWS::ApplicationAutoScaling::ScalingPolicy', { PolicyName: 'backlog-per-task' })
    .flatMap(({ properties }) =>
      listAt(properties, 'TargetTrackingScalingPolicyConfiguration', 'CustomizedMetricSpecification', 'Metrics').map(
        (metric) => at(metric, 'MetricStat', 'Metric'),
      ),
    )
    .filter((metric) => at(metric, 'MetricName') === 'TaskQueueBacklog');
  return [
    ...expected('scalers', synthesised.resources('Scaler', serviceType).length, 1),
    ...expected('tasks of the scaler', countOf(synthesised, 'scaler'), [1, 1]),
    ...expected('where the scaler publishes', settings['SCALER_METRICS_NAMESPACE'], wanted),
    ...expected('what the scaler asks', settings['TEMPORAL_ADDRESS'] !== undefined, true),
    ...read.flatMap((metric) => expected('where a rule looks', at(metric, 'Namespace'), wanted)),
  ];
}
