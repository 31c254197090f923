import { type EventPattern, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmSpec } from './alarm-spec.ts';

/** Something that happens once and is no figure. */
export type WatchedEvent = {
  id: string;
  severity: AlarmSpec['severity'];
  says: string;
  pattern: EventPattern;
};

/** What AWS tells and somebody has to know: there is no metric of it. */
export const watchedEvents: readonly WatchedEvent[] = [
  {
    id: 'ReleaseFailed',
    severity: 'critical',
    says: 'A release was rolled back, or its tasks do not start. What was current stays; see docs/runbooks.',
    pattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
  },
  {
    id: 'KeyEnds',
    severity: 'critical',
    says: 'Somebody disables a key or orders its deletion. What it encrypts cannot be read then: cancel it now.',
    pattern: {
      source: ['aws.kms'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['kms.amazonaws.com'], eventName: ['DisableKey', 'ScheduleKeyDeletion'] },
    },
  },
  {
    id: 'DatabaseChanged',
    severity: 'warning',
    says: 'A database failed over, restarted, or is about to be maintained.',
    pattern: {
      source: ['aws.rds'],
      detailType: ['RDS DB Instance Event', 'RDS DB Cluster Event'],
      detail: { EventCategories: ['failover', 'failure', 'low storage', 'maintenance'] },
    },
  },
  {
    id: 'BackupFailed',
    severity: 'critical',
    says: 'A backup or its copy failed: the recovery point grows older.',
    pattern: {
      source: ['aws.backup'],
      detailType: ['Backup Job State Change', 'Copy Job State Change'],
      detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'] },
    },
  },
  {
    id: 'RestoreFailed',
    severity: 'critical',
    says: 'A restore failed, or the test of one: nobody knows whether the backups can be restored.',
    pattern: {
      source: ['aws.backup'],
      detailType: ['Restore Job State Change'],
      // Events of restores have `status` where those of backups and copies have `state`.
      detail: { status: ['FAILED', 'ABORTED'] },
    },
  },
  {
    id: 'Threat',
    severity: 'critical',
    says: 'GuardDuty sees something of high severity.',
    pattern: {
      source: ['aws.guardduty'],
      detailType: ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', 7] }] },
    },
  },
];

/** One rule for each of them, to the topic of its severity. */
export class EventRules extends Construct {
  constructor(scope: Construct, id: string, props: { topics: Readonly<Record<AlarmSpec['severity'], ITopic>> }) {
    super(scope, id);
    for (const event of watchedEvents)
      new Rule(this, event.id, {
        description: event.says,
        eventPattern: event.pattern,
        targets: [to(props.topics[event.severity])],
      });
  }
}

/**
 * Not the library's target: that one would let events of every account into the topic, and alarm-topic.ts has a statement for ours.
 */
const to = ({ topicArn }: ITopic): IRuleTarget => ({ bind: () => ({ arn: topicArn }) });
