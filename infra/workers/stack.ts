import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import { askItself } from '../service/health.ts';
import { programImage } from '../service/image.ts';
import { dataStatements, groupOf, type ProgramsProps, storeStatements, usePayloads } from '../service/props.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService } from '../service/service.ts';
import { Program } from '../service/task.ts';
import type { SimulatorStack } from '../simulator/stack.ts';
import { type WorkerKind, workerKinds } from './kinds.ts';
import { BacklogScaling } from './scaling.ts';
import { workerMetricsPort, workerSettings, workerStopSeconds, workerUser } from './settings.ts';
import { versionTasks } from './versions.ts';

type Version = Deployment['workerVersions'][number];

/** One service of workers: a kind, in a version. */
export type WorkerService = Pick<Version, 'build' | 'state'> & {
  id: string;
  kind: WorkerKind;
  service: ecs.FargateService;
  tasks: { min: number; max: number };
};

type WorkersProps = ProgramsProps & { simulator: SimulatorStack | null };

/**
 * The workers: each live version is a service of its own, so a new one takes work beside the old one, and the old one stays until nothing
 * is pinned to it. Which versions live is data of the deployment.
 */
export class WorkersStack extends Stack {
  readonly services: readonly WorkerService[];

  constructor(scope: Construct, props: WorkersProps) {
    super(scope, 'Workers', { description: 'The workers, a service for each kind and version' });
    const group = groupOf(this, props.network, 'worker');
    this.services = props.deployment.workerVersions.flatMap((version) =>
      workerKinds.map((kind) => createWorker(this, { ...props, kind, version, group })),
    );
  }
}

type WorkerProps = WorkersProps & { kind: WorkerKind; version: Version; group: ec2.ISecurityGroup };

function createWorker(scope: Construct, props: WorkerProps): WorkerService {
  const { environment, deployment, security, registry, cluster, simulator, kind, version, group } = props;
  const id = `${kind}-${version.build.replaceAll('.', '-')}`;
  const { tasks, ...size } = environment.workers[kind];
  const program = new Program(scope, id, {
    environment,
    deployment,
    name: id,
    size,
    image: programImage(registry, version.imageDigest),
    command: ['node', 'worker/main.ts'],
    settings: workerSettings({ ...props, instantUrl: simulator?.url ?? deployment.rails.instantUrl }),
    keys: security.keys,
    statements: [
      ...dataStatements(props, workerUser),
      ...usePayloads(props),
      ...(kind === 'records' ? recordsStatements(props) : []),
    ],
    health: askItself(workerMetricsPort, '/health'),
    startSeconds: 120,
    stopSeconds: workerStopSeconds,
    metricsPort: workerMetricsPort,
    countsAlarms: true,
  });
  const count = versionTasks(tasks, version.state);
  const service = createService(program, {
    cluster: cluster.cluster,
    serviceName: id,
    group,
    spot: environment.workers.spot,
    // A version is never replaced by another within its service; and never more connections than the budget has (data/connections.ts).
    percent: { min: count.max > 1 ? 50 : 0, max: 100 },
  });
  const { target } = new TaskCount(program, 'Count', {
    environment,
    deployment,
    service,
    serviceName: id,
    tasks: count,
  });
  if (count.max > count.min)
    new BacklogScaling(program, 'Backlog', { environment: environment.name, kind, serviceName: id, target });
  return { id, kind, build: version.build, state: version.state, service, tasks: count };
}

/** Statements and the archive: their buckets, and the key that signs, directly: it is no key of a bucket. */
const recordsStatements = (props: WorkerProps): iam.PolicyStatement[] => [
  ...storeStatements(props, 'records'),
  new iam.PolicyStatement({
    sid: 'SignTheArchive',
    actions: ['kms:Sign'],
    resources: [props.security.signing.attrArn],
    conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' } },
  }),
  new iam.PolicyStatement({
    sid: 'ShowItsPublicHalf',
    actions: ['kms:GetPublicKey'],
    resources: [props.security.signing.attrArn],
  }),
];
