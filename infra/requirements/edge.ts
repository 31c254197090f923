import { openPaths } from '../../api/open-paths.ts';
import { routes } from '../../api/routes.ts';
import { apiNameOf, consoleNameOf } from '../edge/names.ts';
import { pathMatches } from '../edge/path-matches.ts';
import { apiPaths, consolePaths } from '../edge/paths.ts';
import { answerRows } from './edge-answers.ts';
import { config } from './edge-config.ts';
import { firewallRows } from './firewall.ts';
import { at, expected, type Json, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import type { Synthesised } from './synthesised.ts';

const behaviours = (synthesised: Synthesised): Json[] => listAt(config(synthesised), 'CacheBehaviors');

/** The patterns of the behaviours that go to an origin. */
const patternsTo = (synthesised: Synthesised, origin: string): string[] =>
  behaviours(synthesised)
    .filter((behaviour) => at(behaviour, 'TargetOriginId') === origin)
    .map((behaviour) => textAt(behaviour, 'PathPattern'));

/** Amazon's own policies, by the ids that they have everywhere. */
const managed = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  allViewerExceptHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
} as const;

const allMethods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const methodsOf = (behaviour: Json | undefined): string =>
  listAt(behaviour, 'AllowedMethods').map(String).toSorted().join(' ');

/** Every address of the API, with a text in place of each parameter, as a client sends it. */
const apiAddresses = (): string[] => [
  ...routes.map(({ path }) => path.replaceAll(/\{[a-z_]+\}/g, 'x1')),
  ...openPaths.map((path) => path.replaceAll(/:[a-z]+/g, 'x1')),
];

const origins = (synthesised: Synthesised): Json[] => listAt(config(synthesised), 'Origins');
const originOf = (synthesised: Synthesised, id: string): Json | undefined =>
  origins(synthesised).find((origin) => at(origin, 'Id') === id);

const wayRows: readonly Row[] = [
  {
    id: 'edge/distribution',
    source: ['001', '003'],
    requirement: 'CloudFront with TLS, HTTP/2, IPv6 and all edge locations, for both names',
    answer: 'One distribution for `app.` and `api.`: HTTP/2 and 3, IPv6, TLS 1.2 of 2021 at least, all price classes.',
    check: (synthesised) =>
      expected('the distribution', config(synthesised), {
        Enabled: true,
        HttpVersion: 'http2and3',
        IPV6Enabled: true,
        PriceClass: 'PriceClass_All',
        Aliases: [consoleNameOf(synthesised.deployment.domain), apiNameOf(synthesised.deployment.domain)],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      }),
  },
  {
    id: 'edge/private-origin',
    source: ['003'],
    requirement: 'Only CloudFront reaches the balancer: a list of its addresses',
    answer:
      'Stronger: the balancer is internal, and a private origin of CloudFront leads into the network, by HTTPS only, to the name of its certificate. It has no tags, because a change of one fails while it is in use.',
    check: (synthesised) => {
      const origin = synthesised.only('Edge', 'AWS::CloudFront::VpcOrigin');
      const endpoint = at(origin.properties, 'VpcOriginEndpointConfig');
      return [
        ...expected('the private origin', endpoint, {
          Name: `quittance-${synthesised.environment.name}-api`,
          HTTPSPort: 443,
          OriginProtocolPolicy: 'https-only',
          OriginSSLProtocols: ['TLSv1.2'],
        }),
        ...expected('its tags', origin.properties['Tags'] ?? null, null),
        ...(synthesised.target(textAt(endpoint, 'Arn'))?.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer'
          ? []
          : ['the private origin does not lead to the balancer']),
        ...expected('the origin of the API', originOf(synthesised, 'api'), {
          DomainName: apiNameOf(synthesised.deployment.domain),
        }),
        ...(at(originOf(synthesised, 'api'), 'VpcOriginConfig') === undefined ? ['the API has no private origin'] : []),
        ...expected(
          'the scheme of the balancer',
          synthesised.only('Ingress', 'AWS::ElasticLoadBalancingV2::LoadBalancer').properties['Scheme'],
          'internal',
        ),
      ];
    },
  },
  {
    id: 'edge/routes',
    source: ['000', '001', 'platform'],
    requirement: 'The edge sends every route of the API to the API',
    answer:
      "A behaviour for each path of infra/edge/paths.ts. The test takes the API's own table of routes and its open paths; no address of the console may reach the API, and no behaviour may be left that no route needs.",
    check: (synthesised) => {
      const toApi = patternsTo(synthesised, 'api');
      const all = behaviours(synthesised).map((behaviour) => textAt(behaviour, 'PathPattern'));
      const reached = (path: string) => all.find((pattern) => pathMatches(pattern, path));
      const addresses = apiAddresses();
      return [
        ...(addresses.length < 60 ? [`only ${addresses.length} addresses of the API were found`] : []),
        ...addresses
          .filter((path) => !toApi.includes(reached(path) ?? ''))
          .map((path) => `${path} goes to ${reached(path) ?? 'the console'} and not to the API`),
        ...consolePaths
          .filter((path) => reached(path) !== undefined)
          .map((path) => `${path} of the console goes to ${reached(path)}`),
        ...all
          .filter((pattern) => !addresses.some((path) => pathMatches(pattern, path)))
          .filter((pattern) => !apiPaths.some((path) => path.pattern === pattern && path.planned))
          .map((pattern) => `no route of the API needs ${pattern}`),
      ];
    },
  },
  {
    id: 'edge/api-behaviour',
    source: ['001', '003'],
    requirement:
      'All methods, GET and HEAD cached with no time to live, query strings passed on, cookies none, HTTP redirected',
    answer:
      "Nothing of the API is kept at all. The session's cookie reaches it (it is in no cache key), with all headers but the name. HTTP is redirected here: the balancer has no port 80.",
    check: (synthesised) =>
      behaviours(synthesised).flatMap((behaviour) => {
        const what = textAt(behaviour, 'PathPattern');
        return [
          ...expected(what, behaviour, {
            TargetOriginId: 'api',
            ViewerProtocolPolicy: 'redirect-to-https',
            CachePolicyId: managed.cachingDisabled,
            OriginRequestPolicyId: managed.allViewerExceptHost,
          }),
          ...expected(`the methods of ${what}`, methodsOf(behaviour), allMethods.join(' ')),
        ];
      }),
  },
  {
    id: 'edge/console',
    source: ['001', '004'],
    requirement: 'The React console as files: S3 and CloudFront (001), or servers behind a balancer (004)',
    answer:
      "S3, read by this distribution alone (origin access control); addresses of pages are the index file by a function, and not by error pages, which would replace the API's refusals. No servers. Not there yet: the files themselves. Nothing uploads them, keeps old ones for pages that are open, or makes edges forget the index file.",
    check: (synthesised) => {
      const behaviour = at(config(synthesised), 'DefaultCacheBehavior');
      const bucket = synthesised
        .resources('Edge', 'AWS::S3::Bucket')
        .find(({ properties }) => textAt(properties, 'BucketName').endsWith('-console'));
      const readers = synthesised
        .resources('Edge', 'AWS::S3::BucketPolicy')
        .filter(({ properties }) => properties['Bucket'] === `\${Edge.${bucket?.id}}`)
        .flatMap(({ properties }) => listAt(properties, 'PolicyDocument', 'Statement'))
        .filter((statement) => at(statement, 'Effect') === 'Allow');
      return [
        ...expected('the behaviour of the console', behaviour, {
          ViewerProtocolPolicy: 'redirect-to-https',
          CachePolicyId: managed.cachingOptimized,
          Compress: true,
        }),
        ...expected('the methods of the console', methodsOf(behaviour), 'GET HEAD'),
        ...(listAt(behaviour, 'FunctionAssociations').length === 1 ? [] : ['pages of the console have no function']),
        ...expected('error pages', at(config(synthesised), 'CustomErrorResponses') ?? null, null),
        ...(textAt(originOf(synthesised, 'console'), 'OriginAccessControlId') === ''
          ? ['there is no access control']
          : []),
        ...expected('versions of files', at(bucket?.properties, 'VersioningConfiguration', 'Status'), 'Enabled'),
        ...expected('who may read the files', readers.length, 1),
        ...readers.flatMap((statement) => [
          ...expected('the reader', at(statement, 'Principal', 'Service'), 'cloudfront.amazonaws.com'),
          ...(JSON.stringify(at(statement, 'Condition') ?? null).includes('distribution/')
            ? []
            : ['any distribution may read']),
        ]),
      ];
    },
  },
  {
    id: 'edge/origin-failover',
    source: ['001'],
    requirement: 'Failover to a second origin',
    answer:
      "For the console's files in production: a second bucket in the other region. Not for the API: a write that reaches an old copy of the ledger is worse than none. Not there yet: files in either bucket, which a release would put into both.",
    check: (synthesised) => {
      const groups = listAt(config(synthesised), 'OriginGroups', 'Items');
      const isWanted = synthesised.environment.recovery.otherRegion;
      const members = groups
        .flatMap((group) => listAt(group, 'Members', 'Items'))
        .map((member) => textAt(member, 'OriginId'));
      return [
        ...expected('groups of origins', groups.length, isWanted ? 1 : 0),
        ...expected('their members', members, isWanted ? ['console', 'console-copy'] : []),
        ...(isWanted ? copyIsClosed(synthesised) : []),
      ];
    },
  },
  {
    id: 'edge/gateway',
    source: ['001', '002'],
    requirement:
      'API Gateway checks the token and its second factor, throttles, and absorbs floods before any service (002); Shield (001)',
    answer:
      'Replaced: CloudFront with Shield Standard and WAF throttles and filters, the balancer cannot be reached in another way, and the API verifies the key of each request itself and fails closed. No second bill for each call, no limit of 29 s. Shield Advanced is a paid option. Not there yet: tokens of Cognito and their second factor, which no code verifies; until then the API takes none and knows keys alone.',
    check: (synthesised) => [
      ...synthesised
        .resources('*', '*')
        .filter(({ type }) => type.startsWith('AWS::ApiGateway'))
        .map(({ id }) => `${id} is another way in`),
      ...expected(
        'the firewall of the distribution',
        synthesised.target(textAt(config(synthesised), 'WebACLId'))?.type,
        'AWS::WAFv2::WebACL',
      ),
    ],
  },
];

/** The copy can be read by distributions of this account and by nobody else. */
const copyIsClosed = ({ only }: Synthesised): string[] => {
  const allowed = listAt(only('ConsoleCopy', 'AWS::S3::BucketPolicy').properties, 'PolicyDocument', 'Statement').filter(
    (statement) => at(statement, 'Effect') === 'Allow',
  );
  return [
    ...expected('who may read the copy', allowed.length, 1),
    ...expected('the reader of the copy', at(allowed[0], 'Principal', 'Service'), 'cloudfront.amazonaws.com'),
    ...(at(allowed[0], 'Condition', 'StringEquals', 'aws:SourceAccount') === undefined
      ? ['any account may read the copy']
      : []),
  ];
};

/** What the world reaches first. */
export const edgeRows: readonly Row[] = [...wayRows, ...answerRows, ...firewallRows];
