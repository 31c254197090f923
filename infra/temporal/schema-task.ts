import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { prepareSettings } from '../service/prepare.ts';
import { useKey } from '../service/statements.ts';
import { Program } from '../service/task.ts';
import { databaseLogIn, type ServerPlace } from './server.ts';
import type { TemporalDatabase } from './storage.ts';
import { keepTokens, tokensFolder } from './tokens.ts';

/**
 * The task that is run before a new version of the server: it makes the user and the databases if they are not there, and brings their
 * schema to that of the tools' version. Run again it changes nothing. The image that sets itself up at every start is for laptops.
 */
export class SchemaTask extends Construct {
  readonly program: Program;

  constructor(scope: Construct, id: string, props: ServerPlace & { master: TemporalDatabase; masterKeyArn: string }) {
    super(scope, id);
    const { environment, deployment, keys, image, database, master, masterKeyArn } = props;
    this.program = new Program(this, 'Program', {
      environment,
      deployment,
      keys,
      name: 'temporal-schema',
      size: { cpu: 256, memoryMiB: 512 },
      image: ecs.ContainerImage.fromRegistry(deployment.images.temporalTools),
      command: ['sh', '-ec', ['temporal', 'visibility'].map(updateSchema).join('\n')],
      settings: {
        SQL_PLUGIN: 'postgres12_pgx',
        SQL_HOST: database.host,
        SQL_PORT: '5432',
        SQL_USER: 'temporal',
        SQL_TLS: 'true',
        SQL_TLS_SERVER_NAME: database.host,
        SQL_TLS_CA_FILE: `${tokensFolder}/authorities.pem`,
      },
      statements: [databaseLogIn(deployment, database)],
      stopSeconds: 30,
      writable: [{ name: 'tokens', path: tokensFolder, readOnly: true }],
    });
    const prepare = this.program.addContainer({
      name: 'prepare',
      image,
      command: ['node', 'drizzle/prepare-server.ts', 'temporal'],
      settings: prepareSettings({ ...database, database: 'postgres', masterSecretArn: master.masterSecretArn }),
      stopSeconds: 30,
      essential: false,
      logGroup: this.program.log,
    });
    const tokens = keepTokens(this.program, { image, region: deployment.region, database, once: true });
    tokens.addContainerDependencies({ container: prepare, condition: ecs.ContainerDependencyCondition.SUCCESS });
    // RDS keeps the master's password under the key of data.
    this.program.task.addToExecutionRolePolicy(
      useKey(deployment, { keyArn: masterKeyArn, service: 'secretsmanager', actions: ['kms:Decrypt'] }),
    );
  }
}

/** Both are safe to run again: the first makes a table of versions if there is none, the second does what is missing. */
const updateSchema = (folder: string): string => {
  const database = folder === 'temporal' ? 'temporal' : 'temporal_visibility';
  const tool = `SQL_PASSWORD="$(cat ${tokensFolder}/database)" temporal-sql-tool --database ${database}`;
  return [
    `${tool} setup-schema --version 0.0`,
    `${tool} update-schema --schema-dir /etc/temporal/schema/postgresql/v12/${folder}/versioned`,
  ].join('\n');
};
