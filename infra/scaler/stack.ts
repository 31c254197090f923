import { Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { askItself } from '../service/health.ts';
import { programImage } from '../service/image.ts';
import { groupOf, type ProgramsProps } from '../service/props.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService } from '../service/service.ts';
import { Program } from '../service/task.ts';
import { scalerPort, scalerSettings, scalerStopSeconds } from './settings.ts';

/**
 * What measures Temporal's task queues, so that workers can be scaled by what waits. A service of its own and not a part of a worker: what
 * would start more workers must not need one. It writes figures as lines of its log, of which CloudWatch makes metrics by itself.
 */
export class ScalerStack extends Stack {
  readonly service: ecs.FargateService;

  constructor(scope: Construct, props: ProgramsProps) {
    super(scope, 'Scaler', { description: 'Measures the task queues of Temporal' });
    const { environment, deployment, security, network, registry, cluster } = props;
    const program = new Program(this, 'Program', {
      environment,
      deployment,
      name: serviceName,
      size: { cpu: 256, memoryMiB: 512 },
      image: programImage(registry, deployment.imageDigest),
      command: ['node', 'worker/scaler/main.ts'],
      settings: scalerSettings(props),
      keys: security.keys,
      // Temporal and its own log, and nothing else.
      statements: [],
      // Not /health: where nothing can be measured, another task would measure no more. Two alarms say that.
      health: askItself(scalerPort, '/ping'),
      stopSeconds: scalerStopSeconds,
      countsAlarms: true,
    });
    this.service = createService(program, {
      cluster: cluster.cluster,
      serviceName,
      group: groupOf(this, network, 'scaler'),
      spot: environment.workers.spot,
      // Two measure the same figure, and the greater of both counts: the new one may stand beside the old one.
      percent: { min: 100, max: 200 },
    });
    new TaskCount(this, 'Count', {
      environment,
      deployment,
      service: this.service,
      serviceName,
      tasks: { min: 1, max: 1 },
    });
  }
}

const serviceName = 'scaler';
