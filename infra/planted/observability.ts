import type { Change } from './change.ts';
import { set } from './spoil.ts';

/** Bad changes of who is told what. */
export const observabilityChanges: readonly Change[] = [
  {
    name: 'the alarm of p95 is gone',
    environment: 'production',
    turnsRed: ['alarms/p95'],
    edit: (draft) =>
      draft.remove('Observability', 'AWS::CloudWatch::Alarm', { AlarmName: 'quittance-production-api-p95' }),
  },
  {
    name: 'an alarm of the platform is forgotten on AWS',
    environment: 'staging',
    turnsRed: ['alarms/platform'],
    edit: (draft) =>
      set(
        draft.one('Observability', 'AWS::CloudWatch::Alarm', { AlarmName: 'quittance-staging-platform-feed-behind' })
          .Properties,
        'Threshold',
        100,
      ),
  },
  {
    name: 'the lag of readers may be a minute',
    environment: 'production',
    turnsRed: ['alarms/replica-lag'],
    edit: (draft) =>
      set(
        draft.one('Observability', 'AWS::CloudWatch::Alarm', { MetricName: 'AuroraReplicaLagMaximum' }).Properties,
        'Threshold',
        60_000,
      ),
  },
  {
    name: 'errors are counted over an hour',
    environment: 'production',
    turnsRed: ['alarms/alb-5xx'],
    edit: (draft) =>
      set(
        draft.one('Observability', 'AWS::CloudWatch::Alarm', { MetricName: 'HTTPCode_ELB_5XX_Count' }).Properties,
        'Period',
        3_600,
      ),
  },
  {
    name: 'the topic of critical alarms is not encrypted',
    environment: 'production',
    turnsRed: ['alarms/told'],
    edit: (draft) => {
      const { Properties } = draft.one('Observability', 'AWS::SNS::Topic', {
        TopicName: 'quittance-production-critical',
      });
      delete Properties['KmsMasterKeyId'];
    },
  },
  {
    name: 'an alarm is told to nobody',
    environment: 'development',
    turnsRed: ['alarms/told'],
    edit: (draft) => {
      const { Properties } = draft.one('Observability', 'AWS::CloudWatch::Alarm', {
        AlarmName: 'quittance-development-database-errors',
      });
      delete Properties['AlarmActions'];
    },
  },
  {
    name: 'the budget is told when it is spent twice',
    environment: 'production',
    turnsRed: ['observability/budget'],
    edit: (draft) =>
      set(draft.one('Observability', 'AWS::Budgets::Budget').Properties, 'NotificationsWithSubscribers', []),
  },
  {
    name: 'nobody is warned that a key is deleted',
    environment: 'production',
    turnsRed: ['observability/events', 'observability/keys'],
    edit: (draft) => draft.remove('Observability', 'AWS::Events::Rule', { EventPattern: { source: ['aws.kms'] } }),
  },
];
