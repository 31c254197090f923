import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { pathOf } from '../names.ts';
import { LoggedAlarms } from '../observability/logged-alarms.ts';
import { collectorHealth, collectorSettings, collectorSize } from './collector.ts';
import { masking } from './masking.ts';
import { Parameters, type Value } from './parameters.ts';
import { sendTraces, useKey } from './statements.ts';

/** One program as a task of Fargate. */
export type ProgramProps = {
  environment: Environment;
  deployment: Deployment;
  /** `api`: in the names of its log, its settings and its family of tasks. */
  name: string;
  size: { cpu: number; memoryMiB: number };
  image: ecs.ContainerImage;
  /** Absent: the image's own. */
  command?: string[];
  /** Every setting of the program: a text, a secret, or null for its default. */
  settings: Readonly<Record<string, Value>>;
  keys: { logs: kms.IKey; secrets: kms.IKey };
  /** What it may do, beside writing its own log and sending traces. */
  statements: readonly iam.PolicyStatement[];
  /** Ports that others may call. */
  ports?: readonly number[];
  /** What says that it lives. Absent for a task that ends. */
  health?: readonly string[];
  /** How long its start may take before health counts, in seconds. */
  startSeconds?: number;
  /** How long it may take to stop, in seconds: at least its SHUTDOWN_GRACE_MS. Fargate allows 120. */
  stopSeconds: number;
  /** The port of its metrics. Absent: nothing is collected. */
  metricsPort?: number;
  /** What the collector passes on. Absent: what the platform's programs say. */
  metrics?: readonly { metric: string; labels: readonly string[] }[];
  /** Folders that it may write into, beside /tmp. Nothing in them outlives the task. */
  writable?: readonly { name: string; path: string; readOnly?: boolean }[];
  /** Whom it runs as, in the image. Absent: the user of our image, and of Temporal's servers and tools. Never root. */
  user?: string;
  /** Whether its root filesystem can be written to: only where a session must be opened into the task. */
  canWriteRoot?: boolean;
  /** Whether lines of its log are counted as alarms (the platform's own programs write them so). */
  countsAlarms?: boolean;
};

/** What waits for CloudWatch, of each container. */
const bufferSize = Size.mebibytes(16);

/**
 * A task definition with its roles, its settings and its log: one container of ours, without a shell's rights: not root, the root
 * filesystem read-only, an init process that passes signals on and reaps. Beside it the collector.
 */
export class Program extends Construct {
  readonly task: ecs.FargateTaskDefinition;
  readonly container: ecs.ContainerDefinition;
  readonly log: logs.LogGroup;
  readonly props: ProgramProps;

  constructor(scope: Construct, id: string, props: ProgramProps) {
    super(scope, id);
    this.props = props;
    const { environment, deployment, name, size, keys, statements } = props;
    this.log = this.#logGroup('Log', pathOf(environment.name, name), { isMasked: true });
    this.task = new ecs.FargateTaskDefinition(this, 'Task', {
      family: `quittance-${environment.name}-${name}`,
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMiB,
      // Two thirds of the price of the other kind, and the image is built for it.
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      executionRole: this.#role(
        'ExecutionRole',
        'Starts the tasks: pulls the image, reads its settings, writes its log',
      ),
      taskRole: this.#role('TaskRole', 'What the program may do'),
      volumes: [{ name: 'tmp' }, ...(props.writable ?? []).map((folder) => ({ name: folder.name }))],
    });
    for (const statement of statements) this.task.addToTaskRolePolicy(statement);
    this.container = this.addContainer({ ...props, logGroup: this.log });
    if (props.metricsPort !== undefined) this.#addCollector(props.metricsPort);
    this.task.addToExecutionRolePolicy(
      useKey(deployment, { keyArn: keys.secrets.keyArn, service: 'secretsmanager', actions: ['kms:Decrypt'] }),
    );
    if (props.countsAlarms) new LoggedAlarms(this, 'AlarmLines', { environment: environment.name, logGroup: this.log });
  }

  /** Adds a container under the rules of all. The first one is the program; others may be at its side or come before it. */
  addContainer({
    name,
    image,
    command,
    settings,
    ports = [],
    health,
    startSeconds = 60,
    stopSeconds,
    writable = [],
    user = '1000:1000',
    canWriteRoot = false,
    essential = true,
    logGroup,
  }: Pick<
    ProgramProps,
    | ('name' | 'image' | 'command' | 'settings' | 'ports' | 'health')
    | ('startSeconds' | 'stopSeconds' | 'writable' | 'canWriteRoot' | 'user')
  > & { logGroup: logs.ILogGroup; essential?: boolean }): ecs.ContainerDefinition {
    const { environment } = this.props;
    // What stands beside a program has settings of its own, under the program's name: several programs have such a container.
    const program = name === this.props.name ? name : `${this.props.name}-${name}`;
    const { secrets } = new Parameters(this, `Settings-${name}`, { environment: environment.name, program, settings });
    const container = this.task.addContainer(name, {
      image,
      essential,
      secrets: { ...secrets },
      user,
      readonlyRootFilesystem: !canWriteRoot,
      versionConsistency: ecs.VersionConsistency.ENABLED,
      stopTimeout: Duration.seconds(stopSeconds),
      linuxParameters: new ecs.LinuxParameters(this, `Linux-${name}`, { initProcessEnabled: true }),
      logging: this.#lines(logGroup, name),
      portMappings: ports.map((port) => ({ containerPort: port, name: `${name}-${port}` })),
      ...(command !== undefined && { command }),
      ...(health !== undefined && {
        healthCheck: {
          command: [...health],
          interval: Duration.seconds(15),
          timeout: Duration.seconds(5),
          retries: 4,
          startPeriod: Duration.seconds(startSeconds),
        },
      }),
    });
    container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
    for (const folder of writable)
      container.addMountPoints({
        sourceVolume: folder.name,
        containerPath: folder.path,
        readOnly: folder.readOnly ?? false,
      });
    return container;
  }

  #addCollector(metricsPort: number): void {
    const { environment, deployment, name, metrics } = this.props;
    const lines = this.#logGroup('Metrics', pathOf(environment.name, `${name}/metrics`), { isMasked: false });
    const content = collectorSettings({
      environment: environment.name,
      region: deployment.region,
      program: name,
      metricsPort,
      logGroupName: pathOf(environment.name, `${name}/metrics`),
      ...(metrics !== undefined && { metrics }),
    });
    const { secrets } = new Parameters(this, 'Settings-collector', {
      environment: environment.name,
      program: `${name}-collector`,
      settings: { AOT_CONFIG_CONTENT: content },
    });
    this.task.addContainer('collector', {
      image: ecs.ContainerImage.fromRegistry(deployment.images.collector),
      // A program that cannot be watched still moves money; the alarm on missing figures is another's.
      essential: false,
      cpu: collectorSize.cpu,
      memoryLimitMiB: collectorSize.memoryMiB,
      secrets: { ...secrets },
      user: '4317:4317',
      readonlyRootFilesystem: true,
      versionConsistency: ecs.VersionConsistency.ENABLED,
      linuxParameters: new ecs.LinuxParameters(this, 'Linux-collector', { initProcessEnabled: true }),
      logging: this.#lines(this.log, 'collector'),
      healthCheck: collectorHealth,
      enableRestartPolicy: true,
    });
    this.task.addToTaskRolePolicy(sendTraces());
    this.task.addToTaskRolePolicy(
      new iam.PolicyStatement({
        sid: 'WriteMetrics',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [lines.logGroupArn],
      }),
    );
  }

  /** A log that is slow must not stop a program: what does not fit into the buffer is lost, and that is the smaller harm. */
  #lines(logGroup: logs.ILogGroup, stream: string): ecs.LogDriver {
    return ecs.LogDrivers.awsLogs({
      logGroup,
      streamPrefix: stream,
      mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      maxBufferSize: bufferSize,
    });
  }

  #logGroup(id: string, logGroupName: string, { isMasked }: { isMasked: boolean }): logs.LogGroup {
    const { environment, keys } = this.props;
    return new logs.LogGroup(this, id, {
      logGroupName,
      encryptionKey: keys.logs,
      retention: environment.logs.days,
      removalPolicy: environment.name === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      ...(isMasked && { dataProtectionPolicy: masking() }),
    });
  }

  /** Only tasks of this account and region get a role of ours: ECS cannot be talked into it for another's. */
  #role(id: string, description: string): iam.Role {
    const { account, region } = this.props.deployment;
    return new iam.Role(this, id, {
      description,
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:ecs:${region}:${account}:*` },
        },
      }),
    });
  }
}
