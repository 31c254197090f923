import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Deployment } from '../environment/deployment.ts';
import type { Environment, EnvironmentName } from '../environment/schema.ts';

/** The ledger's database as others see it, whatever engine it is. */
export type Database = {
  writerHost: string;
  /** Spreads connections over the readers. Null: there is none. */
  readerHost: string | null;
  port: string;
  /** The database in the server. */
  name: string;
  /** What IAM knows the server by: users log in to this one, and to no other of a like name. */
  resourceId: string;
  /** Where our image has the authorities of RDS. */
  caPath: string;
  /** For backups. */
  arn: string;
  /** The secret with the master's password, which RDS makes and rotates. Only the task that prepares the server reads it. */
  masterSecretArn: string;
  /** What alarms and dashboards name. */
  metrics: DatabaseMetrics;
};

export type DatabaseMetrics =
  | { engine: 'rds'; instance: string; storageGiB: number }
  | { engine: 'aurora'; cluster: string; writer: string; readers: string[] };

export type DatabaseProps = {
  environment: Environment;
  deployment: Deployment;
  vpc: ec2.IVpc;
  group: ec2.ISecurityGroup;
  key: kms.IKey;
  logKey: kms.IKey;
};

/** Postgres' own port: requirement 001 fixes it. */
export const databasePort = 5432;
export const databaseName = 'quittance';
/** The one who owns the server and whom nothing logs in as, once roles are there. */
const masterUser = 'quittance_master';
/** In the image (see the Dockerfile): the authorities that sign certificates of RDS. */
export const authoritiesPath = '/etc/quittance/rds-ca.pem';

/**
 * Parameters of every server of ours. Without TLS nobody gets in. Errors are logged without the row that broke a check, and slow
 * statements without their parameters, where a bank account or a signing secret could stand: on RDS no role of ours may set that itself
 * (drizzle/session.ts).
 */
export const serverParameters = (maxConnections: number): Record<string, string> => ({
  'rds.force_ssl': '1',
  // The figure that the budget of connections counts against (data/connections.ts), and not one that follows the memory.
  max_connections: String(maxConnections),
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_duration_statement: '1000',
  log_lock_waits: '1',
  log_connections: '1',
  log_disconnections: '1',
});

/** Who logs in, and how: programs by tokens, and the master by a password that RDS makes and rotates. */
export const logins = (encryptionKey: kms.IKey) => ({
  credentials: rds.Credentials.fromUsername(masterUser, { encryptionKey }),
  manageMasterUserPassword: true,
  iamAuthentication: true,
});

/** Development can be thrown away; nothing else can by one command. */
export const isThrowaway = (name: EnvironmentName): boolean => name === 'development';
