import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { programImage } from '../service/image.ts';
import { type ProgramsProps, storeStatements, usePayloads } from '../service/props.ts';
import { ReleaseRun } from '../service/release-run.ts';
import { databaseConnect } from '../service/statements.ts';
import { Program } from '../service/task.ts';
import { operatorSettings, operatorUser, verificationSettings, verifierUser } from './settings.ts';
import { SmokeKey } from './smoke-key.ts';

/**
 * What a person runs in production: a task for commands that change something, and one for who verifies, which only reads. Each is started
 * with a command (docs/aws/run-an-operator-command.md), ends with it, and says in its log what came of it. No service runs them.
 */
export class OperatorStack extends Stack {
  readonly smokeKey: SmokeKey;

  constructor(scope: Construct, props: ProgramsProps) {
    super(scope, 'Operator', { description: "The tasks of operators' commands" });
    const { environment, deployment, security, registry, data, cluster } = props;
    this.smokeKey = new SmokeKey(this, 'SmokeKey', {
      environment: environment.name,
      deployment,
      key: security.keys.secrets,
    });
    const shared = {
      environment,
      deployment,
      image: programImage(registry, deployment.imageDigest),
      // Who starts it names the command. Started without one it prints what there is.
      command: ['node', 'operator/main.ts', '--help'],
      keys: security.keys,
      stopSeconds: 120,
    };
    const logIn = (user: string) => databaseConnect(deployment, { resourceId: data.database.resourceId, user });
    const operator = new Program(this, 'Program', {
      ...shared,
      name: 'operator',
      size: { cpu: 256, memoryMiB: 1024 },
      settings: operatorSettings(props),
      statements: [
        logIn(operatorUser),
        ...storeStatements(props, 'verification'),
        ...usePayloads(props),
        ...this.smokeKey.written(),
      ],
      countsAlarms: true,
    });
    // The pipeline ramps versions of the workers with it, and tries each release with the key.
    new ReleaseRun(this, 'Release', {
      environment,
      cluster: cluster.cluster,
      program: operator,
      statements: this.smokeKey.read(),
    });
    new Program(this, 'Verification', {
      ...shared,
      name: 'verification',
      size: { cpu: 1024, memoryMiB: 4096 },
      settings: verificationSettings(props),
      statements: [
        logIn(verifierUser),
        ...storeStatements(props, 'verification'),
        new iam.PolicyStatement({
          sid: 'ShowThePublicHalf',
          actions: ['kms:GetPublicKey'],
          resources: [security.signing.attrArn],
        }),
      ],
      countsAlarms: true,
    });
  }
}
