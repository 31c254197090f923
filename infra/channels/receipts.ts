import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { prefixOf } from '../names.ts';

/**
 * What becomes of letters: SES and SMS tell a topic, a queue keeps it for the worker, which takes it from there; so nothing of this needs
 * a door to the platform. Addresses of people are in it, so both are encrypted. A receipt that cannot be read five times is put aside.
 */
export class Receipts extends Construct {
  readonly topic: Topic;
  readonly queue: Queue;
  readonly failed: Queue;

  constructor(scope: Construct, id: string, props: { environment: EnvironmentName; key: IKey }) {
    super(scope, id);
    const { environment, key } = props;
    const name = `${prefixOf(environment)}-receipts`;
    const { account } = Stack.of(this);
    this.topic = new Topic(this, 'Topic', { topicName: name, masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Letters',
        principals: [new ServicePrincipal('ses.amazonaws.com'), new ServicePrincipal('sms-voice.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    const closed = { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true };
    this.failed = new Queue(this, 'Failed', {
      ...closed,
      queueName: `${name}-failed`,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...closed,
      queueName: name,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(60),
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.failed, maxReceiveCount: 5 },
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Topic',
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.topic.topicArn } },
      }),
    );
    // Not the library's subscription: it would write into the key's policy, which is of a lower stack.
    new CfnSubscription(this, 'Subscription', {
      topicArn: this.topic.topicArn,
      protocol: 'sqs',
      endpoint: this.queue.queueArn,
      rawMessageDelivery: true,
    });
  }
}
