import { type AlarmSpec, figure } from './alarm-spec.ts';
import type { Watched } from './watched.ts';

/** Letters to people, and people who sign in. */
export const channelAlarms = (watched: Watched): AlarmSpec[] => [...letterAlarms(watched), ...signInAlarms(watched)];

const letterAlarms = ({ receipts }: Watched): AlarmSpec[] => [
  {
    id: 'receipts-late',
    severity: 'warning',
    says: 'Receipts of letters wait for a quarter of an hour: nobody takes them, and addresses that bounce are still used.',
    measured: figure('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: receipts.queue }, 'Maximum'),
    is: '>',
    threshold: 900,
    periodSeconds: 60,
    periods: 5,
    whenMissing: 'fine',
  },
  {
    id: 'receipts-failed',
    severity: 'warning',
    says: 'A receipt could not be read five times, and is kept aside.',
    measured: figure('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: receipts.failed }, 'Maximum'),
    is: '>',
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
  {
    id: 'mail-bounces',
    severity: 'critical',
    says: 'More than 4 % of the mail comes back. From 5 % on SES looks at the account, and at 10 % it stops it.',
    measured: figure('AWS/SES', 'Reputation.BounceRate', {}, 'Maximum'),
    is: '>',
    threshold: 0.04,
    periodSeconds: 3_600,
    periods: 1,
    whenMissing: 'fine',
  },
  {
    id: 'mail-complaints',
    severity: 'critical',
    says: 'More than 0.08 % of the mail is called unwanted. From 0.1 % on SES looks at the account.',
    measured: figure('AWS/SES', 'Reputation.ComplaintRate', {}, 'Maximum'),
    is: '>',
    threshold: 0.000_8,
    periodSeconds: 3_600,
    periods: 1,
    whenMissing: 'fine',
  },
];

const signInAlarms = ({ people, signInEvents }: Watched): AlarmSpec[] => [
  {
    id: 'console-sign-ins-fail',
    severity: 'warning',
    says: 'More than 50 sign-ins to the console failed in five minutes.',
    measured: {
      formula: 'FILL(tried, 0) - FILL(succeeded, 0)',
      of: {
        tried: { ...signIns(people), statistic: 'SampleCount' },
        succeeded: { ...signIns(people), statistic: 'Sum' },
      },
    },
    is: '>',
    threshold: 50,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
  {
    id: 'sign-in-events-late',
    severity: 'warning',
    says: 'Events of signing in are not in the archive for a quarter of an hour.',
    measured: figure('AWS/Firehose', 'DeliveryToS3.DataFreshness', { DeliveryStreamName: signInEvents }, 'Maximum'),
    is: '>',
    threshold: 900,
    periodSeconds: 300,
    periods: 1,
    whenMissing: 'fine',
  },
];

const signIns = ({ pool, client }: Watched['people']) => ({
  namespace: 'AWS/Cognito',
  name: 'SignInSuccesses',
  dimensions: { UserPool: pool, UserPoolClient: client },
});
