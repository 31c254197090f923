import { at, expected, isObject, type Json, type JsonObject, listAt, matches, textAt } from './json.ts';
import type { Row } from './row.ts';
import { statementsOf } from './statements.ts';
import type { Resource } from './synthesised.ts';

/** What each of the four dashboards must show, as it stands in its body. */
const boards: Readonly<Record<string, readonly string[]>> = {
  application: [
    'RequestCount',
    'TargetResponseTime',
    'p95',
    'p99',
    'HTTPCode_Target_5XX_Count',
    'TaskQueueBacklog',
    'CPUUtilization',
  ],
  database: ['CPUUtilization', 'DatabaseConnections', 'FreeableMemory', 'EngineCPUUtilization'],
  cost: ['AWS/Billing', 'EstimatedCharges', 'RunningTaskCount'],
  security: ['AWS/WAFV2', 'BlockedRequests', 'json-bodies', 'RefusedSignIns', 'SignInSuccesses'],
};

/** What happens once and must be told, as AWS writes it. Stated twice on purpose: another name of an event matches nothing, silently. */
const events = [
  {
    source: 'aws.ecs',
    severity: 'critical',
    'detail-type': ['ECS Deployment State Change'],
    detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
  },
  {
    source: 'aws.kms',
    severity: 'critical',
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventSource: ['kms.amazonaws.com'], eventName: ['DisableKey', 'ScheduleKeyDeletion'] },
  },
  {
    source: 'aws.rds',
    severity: 'warning',
    'detail-type': ['RDS DB Instance Event', 'RDS DB Cluster Event'],
    detail: { EventCategories: ['failover', 'failure', 'low storage', 'maintenance'] },
  },
  {
    source: 'aws.backup',
    severity: 'critical',
    'detail-type': ['Backup Job State Change', 'Copy Job State Change'],
    detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'] },
  },
  {
    source: 'aws.backup',
    severity: 'critical',
    'detail-type': ['Restore Job State Change'],
    detail: { status: ['FAILED', 'ABORTED'] },
  },
  {
    source: 'aws.guardduty',
    severity: 'critical',
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', 7] }] },
  },
] as const satisfies readonly { source: string; severity: string; 'detail-type': Json; detail: JsonObject }[];

/** Stacks whose logs AWS writes: calls, packets, requests without bodies, and sign-ins, whose addresses are what they are for. */
const unmasked = ['Logging', 'Network', 'Edge', 'Identity'];

/** Pictures, money, and what happens once. */
export const boardRows: readonly Row[] = [
  {
    id: 'observability/dashboards',
    source: ['001'],
    requirement: 'Dashboards: application, database, cost and usage, security (blocked requests, failed logins)',
    answer:
      'Four, made from the same names as the alarms; the scaler fills the graph of Temporal’s backlog. Not there yet: people who sign in, because there is no console.',
    check: ({ resources, environment }) =>
      Object.entries(boards).flatMap(([name, shown]) => {
        const board = resources('Observability', 'AWS::CloudWatch::Dashboard', {
          DashboardName: `quittance-${environment.name}-${name}`,
        })[0];
        const body = JSON.stringify(board?.properties['DashboardBody'] ?? '');
        return board === undefined
          ? [`there is no dashboard ${name}`]
          : [...shown, ...(name === 'database' && environment.name === 'production' ? ['VolumeBytesUsed'] : [])]
              .filter((each) => !body.includes(each))
              .map((each) => `the dashboard ${name} does not show ${each}`);
      }),
  },
  {
    id: 'observability/budget',
    source: ['001'],
    requirement: 'Budgets',
    answer:
      "The month's budget of the environment from the configuration, told at 80 % and 100 %, and when the forecast is above it.",
    check: ({ only, environment }) => {
      const { properties } = only('Observability', 'AWS::Budgets::Budget');
      const notices = listAt(properties, 'NotificationsWithSubscribers').map((each) => {
        const when = at(each, 'Notification');
        return `${textAt(when, 'NotificationType')} ${Number(at(when, 'Threshold'))} ${listAt(each, 'Subscribers')
          .map((one) => textAt(one, 'SubscriptionType'))
          .join('+')}`;
      });
      return [
        ...expected('the budget', at(properties, 'Budget'), {
          BudgetLimit: { Amount: environment.monthlyBudgetUsd, Unit: 'USD' },
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
        }),
        ...expected('who is told and when', notices, [
          'ACTUAL 80 SNS+EMAIL',
          'ACTUAL 100 SNS+EMAIL',
          'FORECASTED 100 SNS+EMAIL',
        ]),
      ];
    },
  },
  {
    id: 'observability/events',
    source: ['001', 'platform'],
    requirement: 'A failed release, a key that ends, a failed backup, a failed restore are told at once',
    answer: 'Rules on events, to the topics: no metric exists of them, and ECS has no hook for a rollback.',
    check: ({ resources, target }) => {
      const rules = resources('Observability', 'AWS::Events::Rule');
      return events.flatMap(({ severity, source, detail, ...pattern }) => {
        const rule = rules.find(
          ({ properties }) =>
            matches(at(properties, 'EventPattern', 'source') ?? null, [source]) &&
            matches(at(properties, 'EventPattern', 'detail-type') ?? null, [...pattern['detail-type']]),
        );
        if (rule === undefined) return [`no rule tells of ${pattern['detail-type'].join(', ')} of ${source}`];
        const [topic] = listAt(rule.properties, 'Targets').map((each) => target(at(each, 'Arn')));
        return [
          ...expected(`what is looked for in ${source}`, at(rule.properties, 'EventPattern'), { ...pattern, detail }),
          ...narrowings(at(rule.properties, 'EventPattern', 'detail'), detail).map(
            (key) => `events of ${source} are told only by their ${key}`,
          ),
          ...expected(`who is told of ${source}`, endOf(topic), severity),
          ...(rule.properties['State'] === 'DISABLED' ? [`nothing is told of ${source}: its rule is disabled`] : []),
        ];
      });
    },
  },
  {
    id: 'observability/logs',
    source: ['001', '003'],
    requirement: 'CloudWatch Logs of every program, encrypted, with an end',
    answer:
      'Each group has a key of ours and ends: after a year the trail, the flow logs and all of production, after 30 days what else development and staging write.',
    check: ({ environment, resources, target }) => {
      const days = { development: 30, staging: 30, production: 365 }[environment.name];
      const groups = resources('*', 'AWS::Logs::LogGroup');
      return [
        ...(groups.length > 0 ? [] : ['there is no log']),
        ...groups.flatMap(({ stack, id, properties }) => [
          ...expected(
            `days of ${stack}.${id}`,
            properties['RetentionInDays'],
            ['Logging', 'Network'].includes(stack) ? 365 : days,
          ),
          ...(target(properties['KmsKeyId'])?.type === 'AWS::KMS::Key' ? [] : [`${stack}.${id} has no key of ours`]),
        ]),
      ];
    },
  },
  {
    id: 'observability/masking',
    source: ['001', '002'],
    requirement: 'Logs mask what is confidential: account numbers (IBAN), numbers of cards',
    answer:
      'Programs leave it out of their lines themselves; CloudWatch masks what got in by mistake, in the log of every program and of every database: accounts at banks under the names that the platform has for them, IBANs, keys of the API, cards, e-mail addresses, private keys. To see it is a right of its own (logs:Unmask) that no role here has. Figures are not masked, nor the trail and the sign-ins, which are evidence.',
    check: (synthesised) => {
      const groups = synthesised
        .resources('*', 'AWS::Logs::LogGroup')
        .filter(({ stack }) => !unmasked.includes(stack))
        .filter(({ properties }) => !textAt(properties, 'LogGroupName').endsWith('/metrics'));
      const wanted = ['AccountNumber', 'ApiKey', 'CreditCardNumber', 'EmailAddress', 'Iban', 'RoutingNumber'];
      return [
        ...(groups.length > 0 ? [] : ['no log is masked']),
        ...groups.flatMap(({ stack, id, properties }) => {
          const policy = JSON.stringify(properties['DataProtectionPolicy'] ?? '');
          return [...wanted, 'Deidentify']
            .filter((word) => !policy.includes(word))
            .map((word) => `${stack}.${id} does not mask: ${word} is missing`);
        }),
        ...statementsOf(synthesised)
          .filter(({ actions }) => actions.includes('logs:Unmask'))
          .map(({ place }) => `${place} may see what is masked`),
      ];
    },
  },
  {
    id: 'observability/keys',
    source: ['003', 'platform'],
    requirement: 'An alarm when a key is disabled or its deletion is ordered',
    answer: "Both calls, from the trail's events, are critical.",
    check: ({ resources }) => {
      const names = resources('Observability', 'AWS::Events::Rule')
        .filter(({ properties }) =>
          JSON.stringify(at(properties, 'EventPattern', 'source') ?? null).includes('aws.kms'),
        )
        .flatMap(({ properties }) => listAt(properties, 'EventPattern', 'detail', 'eventName'));
      return ['DisableKey', 'ScheduleKeyDeletion']
        .filter((name) => !names.some((each: Json) => each === name))
        .map((name) => `${name} is told to nobody`);
    },
  },
];

/** Members of a pattern that were not asked for: each makes it match less. */
const narrowings = (pattern: Json | undefined, wanted: JsonObject): string[] =>
  Object.keys(isObject(pattern) ? pattern : {}).filter((key) => !Object.hasOwn(wanted, key));

const endOf = (topic: Resource | undefined): Json => {
  const name = topic?.properties['TopicName'];
  return typeof name === 'string' ? (name.split('-').at(-1) ?? '') : isObject(name) ? 'unknown' : '';
};
