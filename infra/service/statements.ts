import * as iam from 'aws-cdk-lib/aws-iam';
import type { Deployment } from '../environment/deployment.ts';

/** Permission to log in to the database as one user of it, by a token that is valid for a quarter of an hour. */
export const databaseConnect = (
  { region, account }: Deployment,
  { resourceId, user }: { resourceId: string; user: string },
): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'LogInToTheDatabase',
    actions: ['rds-db:connect'],
    resources: [`arn:aws:rds-db:${region}:${account}:dbuser:${resourceId}/${user}`],
  });

/** Permission to log in to the cache as its one user. It needs both: the cache, and the user. */
export const cacheConnect = ({ groupArn, userArn }: { groupArn: string; userArn: string }): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'LogInToTheCache',
    actions: ['elasticache:Connect'],
    resources: [groupArn, userArn],
  });

/** Permission to use a key through one service of AWS, and not directly: what that service keeps can be read, nothing else. */
export const useKey = (
  { region }: Deployment,
  { keyArn, service, actions }: { keyArn: string; service: 's3' | 'secretsmanager'; actions: string[] },
): iam.PolicyStatement =>
  new iam.PolicyStatement({
    actions,
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
  });

/** Permission to hand traces to X-Ray, which has no resources to name, and to ask which of them are wanted. */
export const sendTraces = (): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'SendTraces',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    resources: ['*'],
  });
