import { Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { bucketPrefixOf } from '../names.ts';
import { closed } from './closed-bucket.ts';

/**
 * The console's files. A release puts them here (`aws s3 sync`), each under a name with its hash, and keeps the last ones for pages that
 * are open; the distribution alone reads them. SSE-S3: everybody may read them through it.
 */
export class ConsoleFiles extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: { environment: Environment; logs: Bucket | null }) {
    super(scope, id);
    const { environment, logs } = props;
    const { account, region } = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed(environment),
      bucketName: `${bucketPrefixOf(environment.name, account, region)}-console`,
      ...(logs !== null && { serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'console-files/' }),
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}
