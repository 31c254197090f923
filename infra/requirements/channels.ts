import { mailEvents } from '../channels/mail.ts';
import { smsCountries, smsSender } from '../channels/sms.ts';
import { inAll } from './alarms.ts';
import { at, expected, type JsonObject, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';

/** The ways to people. */
export const channelRows: readonly Row[] = [
  {
    id: 'channels/mail',
    source: ['002'],
    requirement: 'Notices by e-mail',
    answer:
      'SES for our domain: signed (DKIM), returned to a name of its own, and refused by receivers when it is not from us (DMARC).',
    check: ({ only, resources, deployment }) => [
      ...expected('the identity', only('Channels', 'AWS::SES::EmailIdentity').properties, {
        EmailIdentity: deployment.domain,
        DkimAttributes: { SigningEnabled: true },
        MailFromAttributes: { MailFromDomain: `bounce.${deployment.domain}`, BehaviorOnMxFailure: 'REJECT_MESSAGE' },
        FeedbackAttributes: { EmailForwardingEnabled: false },
      }),
      ...(resources('Channels', 'AWS::Route53::RecordSet').filter(({ properties }) =>
        textAt(properties, 'Name').includes('DkimDNSTokenName'),
      ).length === 3
        ? []
        : ['the keys of DKIM are not in DNS']),
      ...(resources('Channels', 'AWS::Route53::RecordSet', { Type: 'TXT', Name: `_dmarc.${deployment.domain}.` }).some(
        ({ properties }) => JSON.stringify(properties['ResourceRecords'] ?? null).includes('p=reject'),
      )
        ? []
        : ['there is no DMARC record that refuses']),
    ],
  },
  {
    id: 'channels/configuration-set',
    source: ['002'],
    requirement: 'Letters are sent with a configuration set',
    answer: 'TLS required, bad addresses remembered, reputation measured; opening and clicking is not watched.',
    check: ({ only }) => {
      const { properties } = only('Channels', 'AWS::SES::ConfigurationSet');
      return [
        ...expected('the set', properties, {
          DeliveryOptions: { TlsPolicy: 'REQUIRE' },
          ReputationOptions: { ReputationMetricsEnabled: true },
          SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
        }),
        ...expected('tracking', properties['TrackingOptions'] ?? null, null),
      ];
    },
  },
  {
    id: 'channels/sms',
    source: ['002'],
    requirement: 'Notices by SMS',
    answer:
      'A sender in each country where people are, a list of those who want none, and every other country blocked.',
    check: ({ only, resources }) => {
      const senders = resources('Channels', 'AWS::SMSVOICE::SenderId').map(({ properties }) =>
        textAt(properties, 'IsoCountryCode'),
      );
      const allowed = listAt(
        only('Channels', 'AWS::SMSVOICE::ProtectConfiguration').properties,
        'CountryRuleSet',
        'SMS',
      ).map((rule) => `${textAt(rule, 'CountryCode')} ${textAt(rule, 'ProtectStatus')}`);
      const set = only('Channels', 'AWS::SMSVOICE::ConfigurationSet').properties;
      return [
        ...expected('senders', senders.toSorted(), [...smsCountries].toSorted()),
        ...expected(
          'countries',
          allowed,
          smsCountries.map((country) => `${country} ALLOW`),
        ),
        ...expected('the set', set, { DefaultSenderId: smsSender }),
        ...(textAt(set, 'ProtectConfigurationId') === '' ? ['other countries are not blocked'] : []),
        ...expected('lists of people who want none', resources('Channels', 'AWS::SMSVOICE::OptOutList').length, 1),
      ];
    },
  },
  {
    id: 'channels/receipts',
    source: ['002'],
    requirement: 'Delivery results are logged',
    answer:
      'SES and SMS tell one topic, one queue keeps it for the worker for two weeks; both are encrypted, TLS only. What cannot be read five times is put aside. Alarms: that it was, that receipts wait for a quarter of an hour, that more than 4 % of the mail comes back.',
    check: (synthesised) => {
      const { only, resources, target } = synthesised;
      const topic = only('Channels', 'AWS::SNS::Topic');
      const topicText = `\${Channels.${topic.id}}`;
      const mail = at(only('Channels', 'AWS::SES::ConfigurationSetEventDestination').properties, 'EventDestination');
      const sms = listAt(only('Channels', 'AWS::SMSVOICE::ConfigurationSet').properties, 'EventDestinations')[0];
      const subscription = only('Channels', 'AWS::SNS::Subscription').properties;
      const queue = target(textAt(subscription, 'Endpoint'));
      const policies = resources('Channels', 'AWS::SQS::QueuePolicy').map(({ properties }) => properties);
      return [
        ...expected('what SES tells', mail, {
          Enabled: true,
          MatchingEventTypes: mailEvents,
          SnsDestination: { TopicARN: topicText },
        }),
        ...expected('what SMS tells', sms, {
          Enabled: true,
          MatchingEventTypes: ['TEXT_ALL'],
          SnsDestination: { TopicArn: topicText },
        }),
        ...expected('the subscription', subscription, {
          Protocol: 'sqs',
          RawMessageDelivery: true,
          TopicArn: topicText,
        }),
        ...expected('the queue', queue?.properties, {
          MessageRetentionPeriod: 1_209_600,
          RedrivePolicy: { maxReceiveCount: 5 },
        }),
        ...letterAlarms(synthesised),
        ...resources('Channels', 'AWS::SQS::Queue').flatMap(({ id, properties }) => [
          ...(textAt(properties, 'KmsMasterKeyId') === '' ? [`queue ${id} is not encrypted`] : []),
          ...(policies.some((policy) => listAt(policy, 'Queues').includes(`\${Channels.${id}}`) && deniesPlain(policy))
            ? []
            : [`queue ${id} takes messages without TLS`]),
        ]),
      ];
    },
  },
];

/** Id, severity, metric, threshold, and for how long: seconds, so many times. */
const letterFigures = [
  ['receipts-failed', 'warning', 'ApproximateNumberOfMessagesVisible', 0, 300, 1],
  ['receipts-late', 'warning', 'ApproximateAgeOfOldestMessage', 900, 60, 5],
  ['mail-bounces', 'critical', 'Reputation.BounceRate', 0.04, 3_600, 1],
] as const;

const letterAlarms = inAll(
  ...letterFigures.map(([id, severity, metric, threshold, periodSeconds, periods]) => ({
    ...{ id, severity, metric, threshold, periodSeconds, periods },
    ...{ statistic: 'Maximum', is: 'GreaterThanThreshold' as const },
  })),
);

const deniesPlain = (policy: JsonObject): boolean =>
  listAt(policy, 'PolicyDocument', 'Statement').some(
    (statement) =>
      at(statement, 'Effect') === 'Deny' && at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false',
  );
