import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { CfnLogDeliveryConfiguration } from 'aws-cdk-lib/aws-cognito';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Environment } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';
import { objectBucketNameOf, signInsPrefix, signInsRoleNameOf } from '../storage/names.ts';

type SignInEventsProps = {
  environment: Environment;
  account: string;
  region: string;
  userPoolId: string;
  keys: { logs: IKey; objects: IKey };
};

/**
 * Who signed in, from where, with which risk, and who failed to: Cognito's own record, delivered into the archive's bucket and kept
 * there as long as the archive. Cognito writes to streams that carry the tag below, and to no other.
 */
export class SignInEvents extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: SignInEventsProps) {
    super(scope, id);
    const { environment, userPoolId, keys } = props;
    const name = `${prefixOf(environment.name)}-sign-ins`;
    const bucketArn = `arn:aws:s3:::${objectBucketNameOf(environment.name, props, 'audit')}`;
    const group = new LogGroup(this, 'Log', {
      encryptionKey: keys.logs,
      retention: environment.logs.days,
      removalPolicy: environment.name === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    const failures = new LogStream(this, 'Failures', { logGroup: group, logStreamName: 'failures' });
    const role = writer(this, { ...props, bucketArn, group });
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: name,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn,
        roleArn: role.roleArn,
        prefix: `${signInsPrefix}!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${signInsPrefix}failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingHints: { intervalInSeconds: 60, sizeInMBs: 5 },
        compressionFormat: 'GZIP',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: keys.objects.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: group.logGroupName,
          logStreamName: failures.logStreamName,
        },
      },
    });
    Tags.of(this.stream).add('LogDeliveryEnabled', 'true');
    this.stream.node.addDependency(role);
    new CfnLogDeliveryConfiguration(this, 'Delivery', {
      userPoolId,
      logConfigurations: [
        {
          eventSource: 'userAuthEvents',
          logLevel: 'INFO',
          firehoseConfiguration: { streamArn: this.stream.attrArn },
        },
      ],
    });
  }
}

/** May put new objects below one place, and nothing else: it can read and change nothing there. */
const writer = (
  scope: Construct,
  { environment, account, region, keys, bucketArn, group }: SignInEventsProps & { bucketArn: string; group: LogGroup },
): Role =>
  new Role(scope, 'Writer', {
    roleName: signInsRoleNameOf(environment.name),
    description: 'Puts events of signing in into the archive',
    assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    inlinePolicies: {
      Archive: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
            resources: [bucketArn],
          }),
          new PolicyStatement({
            actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
            resources: [`${bucketArn}/${signInsPrefix}*`],
          }),
          new PolicyStatement({
            actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
            resources: [keys.objects.keyArn],
            conditions: {
              StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
              StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/${signInsPrefix}*`] },
            },
          }),
          new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [group.logGroupArn] }),
        ],
      }),
    },
  });
