import { Stack } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Place } from '../environment/place.ts';
import type { SecurityStack } from '../security/stack.ts';
import { Mail } from './mail.ts';
import { Receipts } from './receipts.ts';
import { Sms } from './sms.ts';

/** The ways to people: e-mail, SMS, and what becomes of each letter. */
export class ChannelsStack extends Stack {
  readonly mail: Mail;
  readonly sms: Sms;
  readonly receipts: Queue;
  readonly failedReceipts: Queue;

  constructor(scope: Construct, props: Place & { security: SecurityStack }) {
    const { environment, deployment, security } = props;
    const { name } = environment;
    super(scope, 'Channels', { terminationProtection: name !== 'development' });
    const receipts = new Receipts(this, 'Receipts', { environment: name, key: security.keys.logs });
    this.mail = new Mail(this, 'Mail', {
      environment: name,
      domain: deployment.domain,
      hostedZoneId: deployment.hostedZoneId,
      reportsTo: deployment.alarmEmail,
      receipts: receipts.topic,
    });
    this.sms = new Sms(this, 'Sms', { environment: name, receipts: receipts.topic });
    this.receipts = receipts.queue;
    this.failedReceipts = receipts.failed;
  }
}
