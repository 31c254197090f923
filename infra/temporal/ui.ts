import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { codecServerPort } from '../codec-server/port.ts';
import { fromSecret } from '../service/injected.ts';
import { Program } from '../service/task.ts';
import { PageSignIn } from './page-sign-in.ts';
import type { ServerPlace } from './server.ts';

/** The port of the page, which nothing in the network may reach. */
export const uiPort = 8080;

/**
 * Temporal's page for operators. Nothing leads to it: not from the internet, not from inside. A person who may open a session into its task
 * (which is a right of a person, and is logged) gets the port on their own machine, signs in there as a person of our pool, and sees
 * workflows without being able to change one.
 */
export class TemporalUi extends Construct {
  readonly program: Program;

  constructor(scope: Construct, id: string, { pool, ...place }: ServerPlace & { pool: IUserPool }) {
    super(scope, id);
    const { environment, deployment, keys, certificates, frontend } = place;
    const signIn = new PageSignIn(this, 'SignIn', {
      environment: environment.name,
      region: deployment.region,
      pool,
      key: keys.secrets,
      port: uiPort,
    });
    this.program = new Program(this, 'Program', {
      environment,
      deployment,
      keys,
      name: 'temporal-ui',
      size: { cpu: 256, memoryMiB: 512 },
      image: ecs.ContainerImage.fromRegistry(deployment.images.temporalUi),
      settings: {
        TEMPORAL_ADDRESS: frontend,
        TEMPORAL_UI_PORT: String(uiPort),
        TEMPORAL_DISABLE_WRITE_ACTIONS: 'true',
        TEMPORAL_TLS_SERVER_NAME: certificates.serverName,
        TEMPORAL_TLS_ENABLE_HOST_VERIFICATION: 'true',
        TEMPORAL_TLS_CA_DATA: fromSecret(certificates.secretArn, 'caBase64'),
        TEMPORAL_TLS_CERT_DATA: fromSecret(certificates.secretArn, 'certificateBase64'),
        TEMPORAL_TLS_KEY_DATA: fromSecret(certificates.secretArn, 'keyBase64'),
        ...signIn.settings,
        // The browser asks it, on the machine of who looks.
        TEMPORAL_CODEC_ENDPOINT: `http://localhost:${codecServerPort}`,
        TEMPORAL_CODEC_INCLUDE_CREDENTIALS: 'true',
        TEMPORAL_CODEC_DEFAULT_ERROR_MESSAGE: 'Sign in at the codec server',
        TEMPORAL_CODEC_DEFAULT_ERROR_LINK: `http://localhost:${codecServerPort}/`,
      },
      // The right to hold its end of a session comes with the service.
      statements: [],
      // It writes its configuration when it starts, and the agent of a session writes beside it.
      canWriteRoot: true,
      user: '5000:5000',
      ports: [uiPort],
      stopSeconds: 30,
    });
  }
}
