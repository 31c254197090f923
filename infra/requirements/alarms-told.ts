import { rollbackAlarmsOf } from '../observability/names.ts';
import { inAll, toldProblems } from './alarms.ts';
import { at, isObject, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

/** Who is told. */
export const toldRows: readonly Row[] = [
  {
    id: 'alarms/edge',
    source: ['001', '002'],
    requirement: 'The edge is watched: errors, blocked requests, certificates',
    answer:
      'In its own region, because an alarm cannot watch another one. Of certificates that of the edge. Not there yet: an alarm of the balancer’s.',
    check: inAll(
      {
        id: 'edge-errors',
        metric: '5xxErrorRate',
        statistic: 'Average',
        is: 'GreaterThanThreshold',
        threshold: 5,
        periodSeconds: 300,
        periods: 1,
      },
      {
        id: 'edge-blocked',
        metric: 'BlockedRequests',
        statistic: 'Sum',
        is: 'GreaterThanThreshold',
        threshold: 1_000,
        periodSeconds: 300,
        periods: 1,
      },
      {
        id: 'edge-certificate',
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
        .flatMap((alarm) => toldProblems(synthesised, alarm)),
      ...topicsAreClosed(synthesised),
      ...criticalOnesPage(synthesised),
    ],
  },
  {
    id: 'alarms/rollback',
    source: ['001', 'platform'],
    requirement: 'A release is rolled back on alarms',
    answer:
      'The alarms that the service of the API names exist, by the names that both have from infra/observability/names.ts.',
    check: (synthesised) => {
      const wanted = rollbackAlarmsOf(synthesised.environment);
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
  const { resources, only } = synthesised;
  const page = only('Observability', 'AWS::CloudWatch::CompositeAlarm');
  const rule = JSON.stringify(page.properties['AlarmRule'] ?? '');
  return [
    ...toldProblems(synthesised, page),
    ...resources('Observability', 'AWS::CloudWatch::Alarm')
      .filter(({ properties }) => textAt(properties, 'AlarmDescription').startsWith('critical'))
      .filter(({ id }) => !rule.includes(`${id}.Arn`))
      .map(({ id }) => `${id} is critical and wakes nobody`),
    ...(isObject(page.properties['AlarmRule']) ? ['the rule of the page cannot be read'] : []),
    ...(rule.length > 10_240 ? [`the rule of the page has ${rule.length} characters, and may have 10,240`] : []),
    ...((rule.match(/ALARM\(/g) ?? []).length > 100 ? ['the page has more alarms than the 100 that it may have'] : []),
  ];
}
