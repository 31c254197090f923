import { Duration, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { pathOf } from '../names.ts';
import { askItself } from '../service/health.ts';
import { programImage } from '../service/image.ts';
import { fromSecret } from '../service/injected.ts';
import type { Value } from '../service/parameters.ts';
import { groupOf, type ProgramsProps } from '../service/props.ts';
import { TaskCount } from '../service/scaling.ts';
import { createService } from '../service/service.ts';
import { Program } from '../service/task.ts';

/** Its port, which only workers reach. */
export const simulatorPort = 4010;

/**
 * The banks' simulator, where there are no banks. Production refuses it in its configuration and here. It keeps what it believes in a file
 * of its task: a new task begins as a new bank, and what the old one took it does not know.
 */
export class SimulatorStack extends Stack {
  /** The instant network at the simulator. */
  readonly url: string;
  readonly service: ecs.FargateService;

  constructor(scope: Construct, props: ProgramsProps) {
    const { environment, deployment, security, network, registry, cluster } = props;
    if (environment.name === 'production') throw new Error('production has no simulator: its banks are real');
    super(scope, 'Simulator', { description: "The banks' simulator" });
    const control = new secretsmanager.Secret(this, 'Control', {
      secretName: pathOf(environment.name, 'simulator/control'),
      description: 'Who has it may tell the simulated banks what to do',
      encryptionKey: security.keys.secrets,
      generateSecretString: { passwordLength: 40, excludePunctuation: true },
    });
    // Its names are its own, and no settings of the platform.
    const settings: Record<string, Value> = {
      SIMULATOR_HOST: '0.0.0.0',
      SIMULATOR_PORT: String(simulatorPort),
      SIMULATOR_JOURNAL: `${folder}/simulator.jsonl`,
      SIMULATOR_CONTROL_TOKEN: fromSecret(control.secretArn),
      LOG_LEVEL: null,
    };
    const program = new Program(this, 'Program', {
      environment,
      deployment,
      name: 'simulator',
      size: { cpu: 256, memoryMiB: 512 },
      image: programImage(registry, deployment.imageDigest),
      command: ['node', 'simulator/main.ts'],
      settings,
      keys: security.keys,
      statements: [],
      ports: [simulatorPort],
      health: askItself(simulatorPort, '/ping'),
      stopSeconds: 30,
      writable: [{ name: 'journal', path: folder }],
      countsAlarms: true,
    });
    this.service = createService(program, {
      cluster: cluster.cluster,
      serviceName,
      group: groupOf(this, network, 'simulator'),
      // A bank that is taken away forgets what it was told.
      spot: false,
      // One process for one file: the old one ends first.
      percent: { min: 0, max: 100 },
      cloudMapOptions: { cloudMapNamespace: cluster.names, name: 'banks', dnsTtl: Duration.seconds(10) },
    });
    new TaskCount(this, 'Count', {
      environment,
      deployment,
      service: this.service,
      serviceName,
      tasks: { min: 1, max: 1 },
    });
    this.url = `http://banks.${cluster.names.namespaceName}:${simulatorPort}/instant`;
  }
}

const serviceName = 'simulator';
const folder = '/var/lib/quittance';
