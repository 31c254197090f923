import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { fromSecret } from '../service/injected.ts';
import { Program } from '../service/task.ts';
import type { ServerPlace } from './server.ts';

export type NamespaceProps = ServerPlace & { namespace: string };

/** The task that is run once the servers answer: it makes the namespace of the platform, if it is not there. */
export class NamespaceTask extends Construct {
  readonly program: Program;

  constructor(
    scope: Construct,
    id: string,
    { environment, deployment, keys, certificates, frontend, namespace }: NamespaceProps,
  ) {
    super(scope, id);
    this.program = new Program(this, 'Program', {
      environment,
      deployment,
      keys,
      name: 'temporal-namespace',
      size: { cpu: 256, memoryMiB: 512 },
      image: ecs.ContainerImage.fromRegistry(deployment.images.temporalTools),
      command: [
        'sh',
        '-ec',
        `temporal operator namespace describe --namespace ${namespace} || temporal operator namespace create --namespace ${namespace} --retention ${retentionDays}d`,
      ],
      settings: {
        HOME: '/tmp',
        TEMPORAL_ADDRESS: frontend,
        TEMPORAL_TLS_SERVER_NAME: certificates.serverName,
        TEMPORAL_TLS_SERVER_CA_CERT_DATA: fromSecret(certificates.secretArn, 'ca'),
        TEMPORAL_TLS_CLIENT_CERT_DATA: fromSecret(certificates.secretArn, 'certificate'),
        TEMPORAL_TLS_CLIENT_KEY_DATA: fromSecret(certificates.secretArn, 'key'),
      },
      statements: [],
      stopSeconds: 30,
    });
  }
}

/** How long the history of a workflow that has ended can be looked at. */
const retentionDays = 30;
