import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { fromSecret } from '../service/injected.ts';
import { databaseConnect } from '../service/statements.ts';
import { Program } from '../service/task.ts';
import { serverMetrics } from './metrics.ts';
import { type TemporalRole, temporalMetricsPort, temporalPorts } from './sizes.ts';
import { keepTokens, tokensFolder } from './tokens.ts';

/** What all of Temporal's servers have in common. */
export type ServerPlace = {
  environment: Environment;
  deployment: Deployment;
  keys: { logs: kms.IKey; secrets: kms.IKey };
  /** Our image: it makes the tokens that open the database. */
  image: ecs.ContainerImage;
  /** Temporal's server with our configuration in it. */
  serverImage: ecs.ContainerImage;
  database: { host: string; resourceId: string; caPath: string };
  shards: number;
  /** The secret with certificate and key of the servers, and the name in it. */
  certificates: { secretArn: string; serverName: string };
  /** The name of the front end, with its port. */
  frontend: string;
};

export type ServerProps = ServerPlace & {
  name: string;
  roles: readonly TemporalRole[];
  size: { cpu: number; memoryMiB: number };
  connections: { store: number; visibility: number };
};

/**
 * A task of Temporal's server, with one role or all. It binds to the address of its task and says so to the others in a table of the
 * database: no balancer may stand between them. The password of the database is a token that the container beside it renews.
 */
export class TemporalServer extends Construct {
  readonly program: Program;

  constructor(scope: Construct, id: string, props: ServerProps) {
    super(scope, id);
    const { environment, deployment, keys, image, serverImage, database } = props;
    const { certificates, frontend, name, roles, size, shards, connections } = props;
    const ports = roles.flatMap((role) => [temporalPorts[role].calls, temporalPorts[role].members]);
    this.program = new Program(this, 'Program', {
      environment,
      deployment,
      keys,
      name,
      size,
      image: serverImage,
      settings: {
        TEMPORAL_SERVICES: roles.join(','),
        TEMPORAL_SERVER_CONFIG_FILE_PATH: '/etc/temporal/quittance/config.yaml',
        // Who may call is decided by certificates: a program that has one may do everything.
        TEMPORAL_ALLOW_NO_AUTH: 'true',
        NUM_HISTORY_SHARDS: String(shards),
        DATABASE_HOST: database.host,
        STORE_CONNECTIONS: String(connections.store),
        VISIBILITY_CONNECTIONS: String(connections.visibility),
        FRONTEND_ADDRESS: frontend,
        TLS_SERVER_NAME: certificates.serverName,
        TLS_CA: fromSecret(certificates.secretArn, 'caBase64'),
        TLS_CERTIFICATE: fromSecret(certificates.secretArn, 'certificateBase64'),
        TLS_KEY: fromSecret(certificates.secretArn, 'keyBase64'),
      },
      statements: [databaseLogIn(deployment, database)],
      ports,
      health: ['CMD-SHELL', roles.map((role) => `nc -z "$(hostname -i)" ${temporalPorts[role].calls}`).join(' && ')],
      startSeconds: 120,
      stopSeconds: 120,
      metricsPort: temporalMetricsPort,
      metrics: serverMetrics,
      writable: [{ name: 'tokens', path: tokensFolder, readOnly: true }],
    });
    keepTokens(this.program, { image, region: deployment.region, database, once: false });
  }
}

/** Permission to log in to Temporal's databases, as the one user that they have. */
export const databaseLogIn = (deployment: Deployment, { resourceId }: { resourceId: string }): iam.PolicyStatement =>
  databaseConnect(deployment, { resourceId, user: 'temporal' });
