import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { IdentityStack } from '../identity/stack.ts';
import type { IngressStack } from '../ingress/stack.ts';
import type { MigrationStack } from '../migration/stack.ts';
import type { OperatorStack } from '../operator/stack.ts';
import { askItself } from '../service/health.ts';
import { programImage } from '../service/image.ts';
import { dataStatements, groupOf, type ProgramsProps, storeStatements, usePayloads } from '../service/props.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService } from '../service/service.ts';
import { Program } from '../service/task.ts';
import type { SimulatorStack } from '../simulator/stack.ts';
import { ReleaseHooks } from './hooks/hooks.ts';
import { rolloutOf } from './release.ts';
import { RequestTracking } from './request-tracking.ts';
import { scaleByCpu } from './scaling.ts';
import { apiGraceMs, apiMetricsPort, apiSettings, apiUser } from './settings.ts';

export type ApiProps = ProgramsProps & {
  ingress: IngressStack;
  identity: IdentityStack;
  migration: MigrationStack;
  operator: OperatorStack;
  simulator: SimulatorStack | null;
};

/** The API: its tasks, how many there are, and how a release takes over from the last one. */
export class ApiStack extends Stack {
  readonly service: ecs.FargateService;

  constructor(scope: Construct, props: ApiProps) {
    super(scope, 'Api', { description: 'The API' });
    const { environment, deployment, security, network, registry, cluster, ingress, simulator } = props;
    const { api } = environment;
    const program = new Program(this, 'Program', {
      environment,
      deployment,
      name: 'api',
      size: api,
      image: programImage(registry, deployment.imageDigest),
      command: ['node', 'api/main.ts'],
      settings: apiSettings({ ...props, instantUrl: simulator?.url ?? deployment.rails.instantUrl }),
      keys: security.keys,
      statements: [...dataStatements(props, apiUser), ...storeStatements(props, 'api'), ...usePayloads(props)],
      ports: [api.port],
      health: askItself(api.port, '/ping'),
      stopSeconds: apiGraceMs / 1_000 + 15,
      metricsPort: apiMetricsPort,
      countsAlarms: true,
    });
    const hooks = api.deployment === 'rolling' ? [] : new ReleaseHooks(this, 'Hooks', props).targets;
    this.service = createService(program, {
      cluster: cluster.cluster,
      serviceName,
      group: groupOf(this, network, 'api'),
      spot: api.spot,
      ...rolloutOf(environment, hooks),
    });
    attach(this.service, { program, ingress, port: api.port, shifts: api.deployment !== 'rolling' });
    const count = new TaskCount(this, 'Count', {
      environment,
      deployment,
      service: this.service,
      serviceName,
      tasks: api.tasks,
    });
    scaleByCpu(this, { target: count.target, service: this.service, how: api.scaling });
    new RequestTracking(this, 'Requests', { target: count.target, blue: ingress.blue, green: ingress.green });
  }
}

const serviceName = 'api';

type Attached = { program: Program; ingress: IngressStack; port: number; shifts: boolean };

/** Puts the tasks behind the balancer; where releases shift traffic, with the other set and the two rules that ECS moves. */
function attach(service: ecs.FargateService, { program, ingress, port, shifts }: Attached): void {
  const { blue, green, rule, testRule } = ingress;
  const alternateTarget = new ecs.AlternateTarget('Green', {
    alternateTargetGroup: green,
    productionListener: ecs.ListenerRuleConfiguration.applicationListenerRule(rule),
    testListener: ecs.ListenerRuleConfiguration.applicationListenerRule(testRule),
  });
  service
    .loadBalancerTarget({
      containerName: program.container.containerName,
      containerPort: port,
      ...(shifts && { alternateTarget }),
    })
    .attachToApplicationTargetGroup(blue);
}
