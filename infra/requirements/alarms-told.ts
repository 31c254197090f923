import { inAll, severityOf, toldProblems } from './alarms.ts';
import { at, expected, isObject, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

/** What a release goes back on, by the ids of alarms. Stated twice on purpose: one that is taken out of the list stops nothing. */
const watchedByReleases: Readonly<Record<Synthesised['environment']['name'], readonly string[]>> = {
  development: ['api-errors-blue', 'api-errors-green'],
  staging: ['api-errors-blue', 'api-errors-green', 'api-p99'],
  production: [
    'api-balancer-5xx',
    'api-errors-blue',
    'api-errors-green',
    'api-p99',
    'api-unhealthy-blue',
    'api-unhealthy-green',
    'platform-request-broke-a-check',
    'platform-step-broke-a-check',
  ],
};

/** Who is told. */
export const toldRows: readonly Row[] = [
  {
    id: 'alarms/edge',
    source: ['001', '002'],
    requirement: 'The edge is watched: errors, blocked requests, certificates',
    answer:
      'In its own region, because an alarm cannot watch another one. Of certificates that of the edge, and in the region of the API that of the balancer: 30 days before each ends.',
    check: inAll(
      {
        id: 'balancer-certificate',
        severity: 'warning',
        metric: 'DaysToExpiry',
        statistic: 'Minimum',
        is: 'LessThanThreshold',
        threshold: 30,
        periodSeconds: 86_400,
        periods: 1,
      },
      {
        id: 'edge-errors',
        severity: 'critical',
        metric: '5xxErrorRate',
        statistic: 'Average',
        is: 'GreaterThanThreshold',
        threshold: 5,
        periodSeconds: 300,
        periods: 1,
      },
      {
        id: 'edge-blocked',
        severity: 'warning',
        metric: 'BlockedRequests',
        statistic: 'Sum',
        is: 'GreaterThanThreshold',
        threshold: 1_000,
        periodSeconds: 300,
        periods: 1,
      },
      {
        id: 'edge-certificate',
        severity: 'warning',
        metric: 'DaysToExpiry',
        statistic: 'Minimum',
        is: 'LessThanThreshold',
        threshold: 30,
        periodSeconds: 86_400,
        periods: 1,
      },
    ),
  },
  {
    id: 'alarms/told',
    source: ['001', '002'],
    requirement: 'A topic for alarms',
    answer:
      'Two topics, critical and warning: encrypted, TLS only, written by AWS services of this account only, with a mail each. Every alarm is told; all critical ones of the region wake somebody once, by one composite alarm.',
    check: (synthesised) => [
      ...synthesised
        .resources('*', 'AWS::CloudWatch::Alarm')
        .filter(
          ({ properties }) =>
            textAt(properties, 'AlarmName') !== '' && !textAt(properties, 'AlarmName').includes('TargetTracking'),
        )
        .filter(({ stack }) => stack === 'Observability' || stack === 'Edge')
        .flatMap((alarm) => [
          ...toldProblems(synthesised, alarm),
          ...(severityOf(alarm) === undefined ? [`${alarm.id} does not say how severe it is`] : []),
        ]),
      ...topicsAreClosed(synthesised),
      ...criticalOnesPage(synthesised),
    ],
  },
  {
    id: 'alarms/rollback',
    source: ['001', 'platform'],
    requirement: 'A release is rolled back on alarms',
    answer:
      'Errors of both sets of tasks; slowness from staging on; in production also errors of the balancer, unhealthy tasks, and what the ledger refuses because it does not balance. Each exists, by a name that both have from infra/observability/names.ts.',
    check: (synthesised) => {
      const wanted = watchedByReleases[synthesised.environment.name].map(
        (id) => `quittance-${synthesised.environment.name}-${id}`,
      );
      const named = synthesised
        .resources('Api', 'AWS::ECS::Service')
        .flatMap(({ properties }) => listAt(properties, 'DeploymentConfiguration', 'Alarms', 'AlarmNames').map(String));
      const existing = synthesised
        .resources('*', 'AWS::CloudWatch::Alarm')
        .map(({ properties }) => textAt(properties, 'AlarmName'));
      return [
        ...wanted.filter((name) => !named.includes(name)).map((name) => `a release of the API goes on under ${name}`),
        ...named.filter((name) => !existing.includes(name)).map((name) => `there is no alarm ${name}`),
      ];
    },
  },
];

function topicsAreClosed({ resources }: Synthesised): string[] {
  const topics = resources('*', 'AWS::SNS::Topic');
  const policies = resources('*', 'AWS::SNS::TopicPolicy');
  return topics.flatMap(({ stack, id, properties }) => {
    const policy = policies.find((each) => listAt(each.properties, 'Topics').includes(`\${${stack}.${id}}`));
    const statements = listAt(policy?.properties, 'PolicyDocument', 'Statement');
    const deniesPlain = statements.some(
      (each) => at(each, 'Effect') === 'Deny' && at(each, 'Condition', 'Bool', 'aws:SecureTransport') === 'false',
    );
    const anyAccount = statements.filter(
      (each) =>
        at(each, 'Effect') === 'Allow' && at(each, 'Condition', 'StringEquals', 'aws:SourceAccount') === undefined,
    );
    return [
      ...(textAt(properties, 'KmsMasterKeyId') === '' ? [`topic ${stack}.${id} is not encrypted`] : []),
      ...(deniesPlain ? [] : [`topic ${stack}.${id} takes messages without TLS`]),
      ...(anyAccount.length > 0 ? [`topic ${stack}.${id} is written for other accounts`] : []),
    ];
  });
}

function criticalOnesPage(synthesised: Synthesised): string[] {
  const { environment, resources, only, target } = synthesised;
  const page = only('Observability', 'AWS::CloudWatch::CompositeAlarm');
  const rule = JSON.stringify(page.properties['AlarmRule'] ?? '');
  return [
    ...expected(
      'where the page is told',
      listAt(page.properties, 'AlarmActions').map((action) => textAt(target(action)?.properties, 'TopicName')),
      [`quittance-${environment.name}-critical`],
    ),
    ...resources('Observability', 'AWS::CloudWatch::Alarm')
      .filter(({ properties }) => textAt(properties, 'AlarmDescription').startsWith('critical'))
      .filter(({ id }) => !rule.includes(`${id}.Arn`))
      .map(({ id }) => `${id} is critical and wakes nobody`),
    ...(isObject(page.properties['AlarmRule']) ? ['the rule of the page cannot be read'] : []),
    ...(rule.length > 10_240 ? [`the rule of the page has ${rule.length} characters, and may have 10,240`] : []),
    ...((rule.match(/ALARM\(/g) ?? []).length > 100 ? ['the page has more alarms than the 100 that it may have'] : []),
  ];
}
