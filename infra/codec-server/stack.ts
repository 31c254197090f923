import { Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { askItself } from '../service/health.ts';
import { programImage } from '../service/image.ts';
import { groupOf, type ProgramsProps, readPayloads } from '../service/props.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService } from '../service/service.ts';
import { Program } from '../service/task.ts';
import { codecServerPort } from './port.ts';
import { codecServerMetricsPort, codecServerSettings, codecServerStopSeconds } from './settings.ts';

/**
 * What shows operators the content of workflows, which Temporal has encrypted alone. Nothing leads to it, as nothing leads to Temporal's page:
 * a person who may open a session into its task gets its port on their own machine, and signs in there with a key of the API that may
 * operate. It opens data keys and makes none, and writes down whose key looked at what. Only where that page is ours: from another host's, as
 * Temporal Cloud's is, browsers send it no sign-in, and what can decrypt everything and serves nobody should not be there.
 */
export class CodecServerStack extends Stack {
  readonly service: ecs.FargateService;

  constructor(scope: Construct, props: ProgramsProps) {
    super(scope, 'CodecServer', { description: 'Decrypts the content of workflows for operators' });
    const { environment, deployment, security, network, registry, cluster } = props;
    const program = new Program(this, 'Program', {
      environment,
      deployment,
      name: serviceName,
      size: { cpu: 256, memoryMiB: 512 },
      image: programImage(registry, deployment.imageDigest),
      command: ['node', 'codec-server/main.ts'],
      settings: codecServerSettings(props),
      keys: security.keys,
      // The right to hold its end of a session comes with the service.
      statements: readPayloads(props),
      // The agent of a session writes beside it.
      canWriteRoot: true,
      ports: [codecServerPort],
      // Not /health: where the API is away, another task would let nobody in either.
      health: askItself(codecServerPort, '/ping'),
      stopSeconds: codecServerStopSeconds,
      metricsPort: codecServerMetricsPort,
      countsAlarms: true,
    });
    this.service = createService(program, {
      cluster: cluster.cluster,
      serviceName,
      group: groupOf(this, network, 'codecServer'),
      // Who looks at a workflow would have to sign in again.
      spot: false,
      percent: { min: 0, max: 100 },
      canOpenSession: true,
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

const serviceName = 'codec-server';
