import { Stack } from 'aws-cdk-lib';
import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { Place } from '../environment/place.ts';
import type { Environment } from '../environment/schema.ts';
import type { SecurityStack } from '../security/stack.ts';
import { areas, objectBucketNameOf } from '../storage/names.ts';
import { AccessLogs } from './access-logs.ts';
import { accessLogsNameOf, trailBucketNameOf, trailNameOf } from './names.ts';
import { Recorder } from './recorder.ts';
import { Trail } from './trail.ts';

/** The buckets of objects, and where there are copies those of the other region: a trail of all regions sees the reading of both. */
const watchedBuckets = ({ name, objects }: Environment, { account, region, otherRegion }: Deployment): string[] =>
  [region, ...(objects.otherRegion ? [otherRegion] : [])].flatMap((place) =>
    areas.map((area) => `arn:aws:s3:::${objectBucketNameOf(name, { account, region: place }, area)}`),
  );

/** What AWS records of us: who called what, who read which object, and how everything was configured. */
export class LoggingStack extends Stack {
  readonly accessLogs: Bucket;
  readonly trail: CfnTrail;
  /** The calls, as CloudWatch has them. */
  readonly trailGroup: LogGroup;

  constructor(scope: Construct, { environment, deployment, security }: Place & { security: SecurityStack }) {
    super(scope, 'Logging', { terminationProtection: environment.name !== 'development' });
    const { account, region } = deployment;
    const { name } = environment;
    this.accessLogs = new AccessLogs(this, 'AccessLogs', {
      name: accessLogsNameOf(name, deployment),
      account,
      isDisposable: name === 'development',
    }).bucket;
    const { trail, group } = new Trail(this, 'Trail', {
      environment,
      account,
      region,
      name: trailNameOf(name),
      bucketName: trailBucketNameOf(name, deployment),
      accessLogs: this.accessLogs,
      keys: security.keys,
      // By name: the buckets come after the trail, so that it has seen all that ever happened to them.
      watched: watchedBuckets(environment, deployment),
    });
    this.trail = trail;
    this.trailGroup = group;
    if (environment.governance === 'own') {
      const recorder = new Recorder(this, 'Recorder', { account, bucketName: this.accessLogs.bucketName });
      recorder.node.addDependency(this.accessLogs);
    }
  }
}
