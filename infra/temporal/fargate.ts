import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { programImage } from '../service/image.ts';
import { ReleaseRun } from '../service/release-run.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService, type Rollout } from '../service/service.ts';
import type { Program } from '../service/task.ts';
import type { TemporalEndpoint, TemporalProps } from './endpoint.ts';
import { NamespaceTask } from './namespace-task.ts';
import { SchemaTask } from './schema-task.ts';
import { type ServerPlace, TemporalServer } from './server.ts';
import { oneConnections, temporalConnections, temporalRoles } from './sizes.ts';
import { type TemporalDatabase, TemporalStorage } from './storage.ts';
import { TemporalUi, uiPort } from './ui.ts';

type OnFargate = Exclude<Environment['temporal'], { mode: 'cloud' }>;

/** The namespace of the platform on servers of our own. */
const namespace = 'quittance';

/** Temporal's servers on Fargate: each role a service, or all in one task for development; with schema, namespace and page. */
export class TemporalOnFargate extends Construct {
  readonly endpoint: TemporalEndpoint;
  readonly services: Record<string, { service: ecs.FargateService; count: number }> = {};
  readonly #props: TemporalProps;

  constructor(scope: Construct, id: string, props: TemporalProps & { temporal: OnFargate }) {
    super(scope, id);
    this.#props = props;
    const { environment, deployment, registry, temporal } = props;
    const { security, cluster } = props;
    const serverName = `temporal.${cluster.names.namespaceName}`;
    const certificates = new secretsmanager.Secret(this, 'Certificates', {
      secretName: pathOf(environment.name, 'temporal/certificates'),
      description:
        'Certificates of servers and clients: ca, certificate, key in PEM; caBase64, certificateBase64, keyBase64',
      encryptionKey: security.keys.secrets,
    });
    const master = this.#databaseOf(temporal);
    const place: ServerPlace = {
      environment,
      deployment,
      keys: security.keys,
      image: programImage(registry, deployment.imageDigest),
      serverImage: programImage(registry, deployment.images.temporalServer),
      database: master,
      shards: temporal.historyShards,
      certificates: { secretArn: certificates.secretArn, serverName },
      frontend: `${serverName}:7233`,
    };
    const { program } = new SchemaTask(this, 'Schema', { ...place, master, masterKeyArn: security.keys.data.keyArn });
    this.#releaseRuns(program);
    this.#servers(place, temporal);
    new NamespaceTask(this, 'Namespace', { ...place, namespace });
    const ui = new TemporalUi(this, 'Ui', { ...place, pool: props.identity.pool });
    this.#serve(ui.program, {
      role: 'ui',
      layer: 'temporalUi',
      count: 1,
      percent: { min: 0, max: 100 },
      canOpenSession: true,
    });
    this.endpoint = {
      address: place.frontend,
      namespace,
      uiUrl: `http://localhost:${uiPort}`,
      tls: true,
      apiKey: null,
      mutual: { secret: certificates, serverName },
    };
  }

  /** Before a new version of the servers its tools run as a revision that the pipeline makes: this stack would start the servers too. */
  #releaseRuns(program: Program): void {
    const { environment, deployment, cluster } = this.#props;
    const { account, region } = deployment;
    const revisions = `arn:aws:ecs:${region}:${account}:task-definition/${prefixOf(environment.name)}-${program.props.name}:*`;
    new ReleaseRun(this, 'Release', {
      environment,
      cluster: cluster.cluster,
      program,
      taskDefinitionArn: revisions,
      statements: [
        new iam.PolicyStatement({
          sid: 'WithNewTools',
          actions: ['ecs:RegisterTaskDefinition'],
          resources: [revisions],
        }),
      ],
    });
  }

  /** Its own server, or in development two databases beside the ledger's. */
  #databaseOf(temporal: OnFargate): TemporalDatabase {
    const { environment, network, security, data } = this.#props;
    if (temporal.mode === 'all-in-one') {
      const { writerHost, resourceId, caPath, masterSecretArn } = data.database;
      return { host: writerHost, resourceId, caPath, masterSecretArn };
    }
    return new TemporalStorage(this, 'Storage', {
      environment,
      vpc: network.vpc,
      group: this.#group('temporalDatabase'),
      key: security.keys.data,
      logKey: security.keys.logs,
      capacityUnits: temporal.capacityUnits,
    }).database;
  }

  #servers(place: ServerPlace, temporal: OnFargate): void {
    if (temporal.mode === 'all-in-one') {
      const { server: size } = temporal;
      const all = new TemporalServer(this, 'Server', {
        ...place,
        name: 'temporal',
        roles: temporalRoles,
        size,
        connections: oneConnections,
      });
      // Two at once would each believe that the shards are theirs.
      this.#serve(all.program, {
        role: 'all',
        layer: 'temporal',
        count: 1,
        percent: { min: 0, max: 100 },
        hasName: true,
      });
      return;
    }
    for (const role of temporalRoles) {
      const { count, ...size } = role === 'history' ? temporal.history : temporal.others;
      const server = new TemporalServer(this, role, {
        ...place,
        name: `temporal-${role}`,
        roles: [role],
        size,
        connections: temporalConnections,
      });
      // One after the other: with each that goes, its shards move, and the others read them again.
      const percent = { min: 66, max: 134 };
      this.#serve(server.program, {
        role,
        layer: 'temporal',
        count,
        percent: role === 'history' ? percent : { min: 50, max: 150 },
        // Peers find each other in the database; only the front end has a name.
        hasName: role === 'frontend',
      });
    }
  }

  #serve(program: Program, { role, layer, count, percent, hasName = false, canOpenSession = false }: Served): void {
    const { environment, deployment, cluster } = this.#props;
    const serviceName = `temporal-${role}`;
    const service = createService(program, {
      cluster: cluster.cluster,
      serviceName,
      group: this.#group(layer),
      // A server that is taken away at once leaves its entry among the members, and the others call it in vain.
      spot: false,
      percent,
      canOpenSession,
      ...(hasName && {
        cloudMapOptions: { cloudMapNamespace: cluster.names, name: 'temporal', dnsTtl: Duration.seconds(10) },
      }),
    });
    new TaskCount(program, 'Count', {
      environment,
      deployment,
      service,
      serviceName,
      tasks: { min: count, max: count },
    });
    this.services[role] = { service, count };
  }

  #group(layer: 'temporal' | 'temporalUi' | 'temporalDatabase'): ec2.ISecurityGroup {
    const found = this.node.tryFindChild(`Group-${layer}`);
    if (found !== undefined) return found as ec2.SecurityGroup; // Made below, under this name.
    return ec2.SecurityGroup.fromSecurityGroupId(
      this,
      `Group-${layer}`,
      this.#props.network.groups[layer].securityGroupId,
      { mutable: false },
    );
  }
}

type Served = {
  role: string;
  layer: 'temporal' | 'temporalUi';
  count: number;
  percent: Rollout['percent'];
  hasName?: boolean;
  canOpenSession?: boolean;
};
