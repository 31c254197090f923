import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { masking } from '../service/masking.ts';
import { isThrowaway } from './database.ts';

/**
 * The logs that a database server writes, made before it: RDS would make them itself, without an end and without a key of ours. A log is named
 * after the server, so the server is named too.
 */
export const databaseLogs = (
  scope: Construct,
  {
    environment,
    logKey,
    path,
    exports,
  }: { environment: Environment; logKey: kms.IKey; path: string; exports: string[] },
): logs.LogGroup[] =>
  exports.map(
    (name) =>
      new logs.LogGroup(scope, `Log-${name}`, {
        logGroupName: `${path}/${name}`,
        encryptionKey: logKey,
        retention: environment.logs.days,
        dataProtectionPolicy: masking(),
        removalPolicy: isThrowaway(environment.name) ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      }),
  );
