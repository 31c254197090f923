import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { pathOf } from '../names.ts';
import { programImage } from '../service/image.ts';
import { prepareSettings } from '../service/prepare.ts';
import type { ProgramsProps } from '../service/props.ts';
import { ReleaseRun } from '../service/release-run.ts';
import { databaseConnect, useKey } from '../service/statements.ts';
import { Program } from '../service/task.ts';
import { migrationSettings, migrationUser } from './settings.ts';

/**
 * The task that brings the database to the schema of a release, before its tasks start: the pipeline runs it, waits, and goes on when it
 * has ended well. A stack of its own, because one that held the services too would start them first. Each time it first makes sure that
 * the logins are there; that container alone sees the master's password.
 */
export class MigrationStack extends Stack {
  readonly taskDefinition: ecs.FargateTaskDefinition;
  /** Which images' migrations were run. */
  readonly migrated: ssm.StringParameter;

  constructor(scope: Construct, { environment, deployment, security, registry, data, cluster }: ProgramsProps) {
    super(scope, 'Migration', { description: 'The task of migrations' });
    const { database } = data;
    const image = programImage(registry, deployment.imageDigest);
    const program = new Program(this, 'Program', {
      environment,
      deployment,
      name: 'migration',
      size: { cpu: 256, memoryMiB: 512 },
      image,
      command: ['node', 'drizzle/migrate.ts'],
      settings: migrationSettings(database, deployment.region),
      keys: security.keys,
      statements: [databaseConnect(deployment, { resourceId: database.resourceId, user: migrationUser })],
      stopSeconds: 120,
      countsAlarms: true,
    });
    const prepare = program.addContainer({
      name: 'prepare',
      image,
      command: ['node', 'drizzle/prepare-server.ts', 'ledger'],
      settings: prepareSettings({
        host: database.writerHost,
        database: database.name,
        caPath: database.caPath,
        masterSecretArn: database.masterSecretArn,
      }),
      stopSeconds: 30,
      essential: false,
      logGroup: program.log,
    });
    program.container.addContainerDependencies({
      container: prepare,
      condition: ecs.ContainerDependencyCondition.SUCCESS,
    });
    // RDS keeps the master's password under the key of data.
    program.task.addToExecutionRolePolicy(
      useKey(deployment, { keyArn: security.keys.data.keyArn, service: 'secretsmanager', actions: ['kms:Decrypt'] }),
    );
    this.taskDefinition = program.task;
    // Written by who runs the task; the first deployment of all finds it empty of digests.
    this.migrated = new ssm.StringParameter(this, 'Migrated', {
      parameterName: pathOf(environment.name, 'migrated'),
      description: 'Digests of images whose migrations were run, the newest first. Written by the pipeline.',
      stringValue: 'none',
    });
    new ReleaseRun(this, 'Release', { environment, cluster: cluster.cluster, program });
  }
}
