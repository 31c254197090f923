import { apiNameOf, consoleNameOf, consoleOriginOf } from '../edge/names.ts';
import { inAll } from './alarms.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';

const unreachable = inAll({
  id: 'edge-unreachable',
  severity: 'critical',
  metric: 'HealthCheckStatus',
  statistic: 'Minimum',
  is: 'LessThanThreshold',
  threshold: 1,
  periodSeconds: 60,
  periods: 2,
  missing: 'breaching',
});

/** Names, certificates, headers, and what is known of each request. */
export const answerRows: readonly Row[] = [
  {
    id: 'edge/headers',
    source: ['001', '003'],
    requirement: 'Security headers',
    answer:
      "HSTS for two years and no sniffing on every answer; the console's pages load only what is theirs and are never framed. The API writes the rest itself, because its docs pages need other rules than its JSON.",
    check: ({ resources }) => {
      const policies = resources('Edge', 'AWS::CloudFront::ResponseHeadersPolicy').map(({ properties }) =>
        at(properties, 'ResponseHeadersPolicyConfig'),
      );
      const console = policies.find((policy) => textAt(policy, 'Name').endsWith('-console'));
      const content = textAt(console, 'SecurityHeadersConfig', 'ContentSecurityPolicy', 'ContentSecurityPolicy');
      return [
        ...expected('policies', policies.length, 2),
        ...policies.flatMap((policy) =>
          expected(textAt(policy, 'Name'), at(policy, 'SecurityHeadersConfig'), {
            StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Override: true },
            ContentTypeOptions: { Override: true },
          }),
        ),
        ...expected('frames', at(console, 'SecurityHeadersConfig', 'FrameOptions', 'FrameOption'), 'DENY'),
        ...["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]
          .filter((part) => !content.includes(part))
          .map((part) => `the pages may do more than ${part}`),
        ...(content.includes('unsafe') ? ['the pages may run what stands in them'] : []),
      ];
    },
  },
  {
    id: 'edge/cors',
    source: ['004'],
    requirement: 'CORS from the front end only',
    answer:
      'The API answers CORS from one exact list (CORS_ORIGINS): the console. The edge adds no CORS header of its own. The console itself is on the same distribution and needs none for its own paths.',
    check: ({ resources, deployment }) => {
      const settings = resources('Api', 'AWS::SSM::Parameter').filter(({ properties }) =>
        /[/](API_)?CORS_ORIGINS([/]|$)/.test(textAt(properties, 'Name')),
      );
      return [
        ...expected('settings CORS_ORIGINS', settings.length, 1),
        ...settings.flatMap(({ properties }) =>
          expected('CORS_ORIGINS', properties['Value'], consoleOriginOf(deployment.domain)),
        ),
        ...resources('*', 'AWS::CloudFront::ResponseHeadersPolicy')
          .filter(({ properties }) => at(properties, 'ResponseHeadersPolicyConfig', 'CorsConfig') !== undefined)
          .map(({ id }) => `${id} adds headers of CORS`),
      ];
    },
  },
  {
    id: 'edge/certificates',
    source: ['001', '003', '004'],
    requirement: 'Certificates for app. and api., renewed by themselves',
    answer:
      'Two of ACM, proved by DNS: one in us-east-1 for both names, one in the region for the balancer, by the name that CloudFront asks for.',
    check: ({ only, deployment }) => [
      ...expected('the certificate of the edge', only('Edge', 'AWS::CertificateManager::Certificate').properties, {
        DomainName: consoleNameOf(deployment.domain),
        SubjectAlternativeNames: [apiNameOf(deployment.domain)],
        ValidationMethod: 'DNS',
      }),
      ...expected(
        'the certificate of the balancer',
        only('Ingress', 'AWS::CertificateManager::Certificate').properties,
        {
          DomainName: apiNameOf(deployment.domain),
          ValidationMethod: 'DNS',
        },
      ),
    ],
  },
  {
    id: 'edge/names',
    source: ['001', '004'],
    requirement: 'Names app. and api. in Route 53',
    answer: 'Both lead to the distribution, by IPv4 and IPv6.',
    check: ({ resources, deployment }) => {
      const records = resources('Edge', 'AWS::Route53::RecordSet').map(
        ({ properties }) =>
          `${textAt(properties, 'Type')} ${textAt(properties, 'Name')} ${textAt(properties, 'AliasTarget', 'DNSName').includes('.DomainName')}`,
      );
      const wanted = [consoleNameOf(deployment.domain), apiNameOf(deployment.domain)].flatMap((name) =>
        ['A', 'AAAA'].map((type) => `${type} ${name}. true`),
      );
      return wanted.filter((record) => !records.includes(record)).map((record) => `there is no record ${record}`);
    },
  },
  {
    id: 'edge/health-check',
    source: ['001'],
    requirement: 'Health checks of Route 53, failover, geolocation (optional)',
    answer:
      'A check from outside on /health each 30 s, with an alarm where tasks do not sleep. No failover by DNS: it needs a second region that serves, and none does. What to do when the region is lost is docs/runbooks/loss-of-a-region.md. Not there yet: a synthetic client that does more than ask for /health.',
    check: (synthesised) => {
      const { only, resources, deployment, environment } = synthesised;
      const { id, properties } = only('Edge', 'AWS::Route53::HealthCheck');
      const alarms = resources('Edge', 'AWS::CloudWatch::Alarm', {
        Dimensions: [{ Name: 'HealthCheckId', Value: `\${Edge.${id}.HealthCheckId}` }],
      });
      return [
        ...expected('the check', at(properties, 'HealthCheckConfig'), {
          Type: 'HTTPS',
          FullyQualifiedDomainName: apiNameOf(deployment.domain),
          ResourcePath: '/health',
          RequestInterval: 30,
          FailureThreshold: 2,
        }),
        ...expected('alarms of it', alarms.length, environment.sleepsAtNight ? 0 : 1),
        ...(environment.sleepsAtNight ? [] : unreachable(synthesised)),
      ];
    },
  },
  {
    id: 'edge/access-log',
    source: ['001', '003'],
    requirement: 'Requests at the edge are logged',
    answer:
      'By the second kind of logging, into a bucket of its own, without cookies, queries and keys: the first kind writes cookies and needs a bucket with access lists.',
    check: ({ only }) => {
      const fields = listAt(only('Edge', 'AWS::Logs::Delivery').properties, 'RecordFields').map(String);
      return [
        ...expected('the source', only('Edge', 'AWS::Logs::DeliverySource').properties, { LogType: 'ACCESS_LOGS' }),
        ...['c-ip', 'cs-method', 'cs-uri-stem', 'sc-status']
          .filter((field) => !fields.includes(field))
          .map((field) => `${field} is missing`),
        ...fields
          .filter((field) => /cookie|query|authorization|referer/i.test(field))
          .map((field) => `${field} is logged`),
      ];
    },
  },
];
