import { type FirewallRequest, takes } from './firewall-request.ts';
import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

const rules = ({ only }: Synthesised): Json[] =>
  listAt(only('Edge', 'AWS::WAFv2::WebACL').properties, 'Rules').toSorted(
    (one, other) => Number(at(one, 'Priority')) - Number(at(other, 'Priority')),
  );

const rule = (synthesised: Synthesised, name: string): Json | undefined =>
  rules(synthesised).find((each) => at(each, 'Name') === name);

/** What a rule does, in a word: a group with actions of its own keeps or loses them. */
const actionOf = (each: Json): string => {
  const [action] = Object.keys(at(each, 'OverrideAction') ?? at(each, 'Action') ?? {});
  return `${textAt(each, 'Name')}: ${action?.toLowerCase() ?? 'nothing'}`;
};

const wantedOrder = [
  'sign-in-rate: block',
  'rate: block',
  'bad-addresses: none',
  'common: none',
  'known-bad-inputs: none',
  'sql-injection: none',
  'anonymous-addresses: count',
  'json-bodies: block',
];

const groups: Readonly<Record<string, string>> = {
  'bad-addresses': 'AWSManagedRulesAmazonIpReputationList',
  common: 'AWSManagedRulesCommonRuleSet',
  'known-bad-inputs': 'AWSManagedRulesKnownBadInputsRuleSet',
  'sql-injection': 'AWSManagedRulesSQLiRuleSet',
  'anonymous-addresses': 'AWSManagedRulesAnonymousIpList',
};

const json = { 'content-type': 'application/json' };
const request = (method: string, path: string, bodyBytes: number, headers: Readonly<Record<string, string>> = {}) => ({
  method,
  path,
  bodyBytes,
  headers,
});

/** Requests and whether the rule about bodies refuses them. */
const bodies: readonly { request: FirewallRequest; refused: boolean }[] = [
  { request: request('POST', '/v1/transfers', 300, json), refused: false },
  {
    request: request('POST', '/v1/transfers', 300, { 'content-type': 'Application/JSON; charset=utf-8' }),
    refused: false,
  },
  { request: request('PATCH', '/v1/accounts/ac_1', 20, json), refused: false },
  { request: request('POST', '/v1/transfers/tr_1/reversal', 0), refused: false },
  { request: request('POST', '/v1/transfers/tr_1/cancellation', 0, { 'content-length': '0' }), refused: false },
  { request: request('GET', '/v1/transfers', 0), refused: false },
  { request: request('DELETE', '/v1/api-keys/key_1', 0), refused: false },
  {
    request: request('POST', '/session/start', 40, { 'content-type': 'application/x-www-form-urlencoded' }),
    refused: false,
  },
  { request: request('POST', '/v1/transfers', 300), refused: true },
  { request: request('POST', '/v1/transfers', 300, { 'content-type': 'text/plain' }), refused: true },
  { request: request('POST', '/v1/transfers', 300, { 'content-type': 'application/jsonx' }), refused: true },
  { request: request('PATCH', '/v1/accounts/ac_1', 20, { 'content-type': 'multipart/form-data' }), refused: true },
  { request: request('POST', '/transfer', 50, { 'content-type': 'application/xml' }), refused: true },
  // In chunks: no content-length says that there is a body.
  { request: request('POST', '/v1/transfers', 300, { 'transfer-encoding': 'chunked' }), refused: true },
];

/** The firewall. */
export const firewallRows: readonly Row[] = [
  {
    id: 'edge/firewall-rules',
    source: ['001', '002'],
    requirement: 'A web application firewall: injection, scripts, limits, bad addresses, malformed requests',
    answer:
      'Eight rules in this order: two limits, addresses with a bad name, the common set (scripts), known bad inputs, SQL injection, anonymous addresses (counted only: customers have private networks), bodies that are not JSON. The size rule of the common set only counts: the API bounds each body by its route.',
    check: (synthesised) => {
      const { properties } = synthesised.only('Edge', 'AWS::WAFv2::WebACL');
      return [
        ...expected('the firewall', properties, { Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } }),
        ...expected('the rules in order', rules(synthesised).map(actionOf), wantedOrder),
        ...Object.entries(groups).flatMap(([name, group]) =>
          expected(name, at(rule(synthesised, name), 'Statement', 'ManagedRuleGroupStatement'), {
            VendorName: 'AWS',
            Name: group,
          }),
        ),
        ...expected(
          'what is left out of the common set',
          listAt(rule(synthesised, 'common'), 'Statement', 'ManagedRuleGroupStatement', 'RuleActionOverrides').map(
            (each) => textAt(each, 'Name'),
          ),
          ['SizeRestrictions_BODY'],
        ),
      ];
    },
  },
  {
    id: 'edge/firewall-rates',
    source: ['001', '002'],
    requirement: 'Requests are throttled before any service',
    answer:
      'By address in five minutes: 2,000 requests of all paths, 100 where people sign in. The answer is 429 with Retry-After, as the API itself gives it.',
    check: (synthesised) =>
      [
        { name: 'sign-in-rate', limit: 100 },
        { name: 'rate', limit: 2_000 },
      ].flatMap(({ name, limit }) => [
        ...expected(name, at(rule(synthesised, name), 'Statement', 'RateBasedStatement'), {
          Limit: limit,
          EvaluationWindowSec: 300,
          AggregateKeyType: 'IP',
        }),
        ...expected(`the answer of ${name}`, at(rule(synthesised, name), 'Action', 'Block', 'CustomResponse'), {
          ResponseCode: 429,
          ResponseHeaders: [{ Name: 'retry-after', Value: '300' }],
        }),
        ...signInsAreMeant(synthesised, name),
      ]),
  },
  {
    id: 'edge/firewall-bodies',
    source: ['001', '002', 'platform'],
    requirement: 'Malformed bodies are refused; requests without a body are not concerned',
    answer:
      'The rule looks at POST, PUT and PATCH of what reads JSON, and only when a byte of a body came: a reversal without a body passes, a GET is not looked at, and a body in chunks is seen. The test judges sample requests by the rule of the template.',
    check: (synthesised) => [
      ...expected(
        'how much of a body is looked at',
        at(synthesised.only('Edge', 'AWS::WAFv2::WebACL').properties, 'AssociationConfig', 'RequestBody', 'CLOUDFRONT'),
        { DefaultSizeInspectionLimit: 'KB_64' },
      ),
      ...bodies
        .filter(
          ({ request: each, refused }) => takes(at(rule(synthesised, 'json-bodies'), 'Statement'), each) !== refused,
        )
        .map(({ request: each, refused }) => `${JSON.stringify(each)} is ${refused ? 'let through' : 'refused'}`),
    ],
  },
  {
    id: 'edge/firewall-log',
    source: ['001', '002'],
    requirement: 'What the firewall does is logged',
    answer:
      'Each request that a rule refused or counted, encrypted, as long as other logs; keys and cookies are redacted, and there are no samples, which would show them.',
    check: (synthesised) => {
      const logging = synthesised.only('Edge', 'AWS::WAFv2::LoggingConfiguration').properties;
      const group = synthesised
        .resources('Edge', 'AWS::Logs::LogGroup')
        .find(({ properties }) => textAt(properties, 'LogGroupName').startsWith('aws-waf-logs-'));
      return [
        ...expected(
          'what is redacted',
          listAt(logging, 'RedactedFields').map((field) => textAt(field, 'SingleHeader', 'Name')),
          ['authorization', 'cookie'],
        ),
        ...expected('the log', group?.properties, { RetentionInDays: synthesised.environment.logs.days }),
        ...(textAt(group?.properties, 'KmsKeyId') === ''
          ? ['the log of the firewall is not encrypted by a key of ours']
          : []),
        ...rules(synthesised)
          .filter((each) => at(each, 'VisibilityConfig', 'SampledRequestsEnabled') !== false)
          .map((each) => `${textAt(each, 'Name')} keeps samples of requests`),
      ];
    },
  },
];

const signInsAreMeant = (synthesised: Synthesised, name: string): string[] => {
  const scope = at(rule(synthesised, name), 'Statement', 'RateBasedStatement', 'ScopeDownStatement');
  if (name === 'rate') return scope === undefined ? [] : ['the limit for all paths has a scope'];
  return [
    ...(takes(scope, request('POST', '/session/start', 10)) ? [] : ['signing in is not limited']),
    ...(takes(scope, request('POST', '/v1/transfers', 10)) ? ['transfers are limited as signing in is'] : []),
  ];
};
