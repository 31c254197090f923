import { trailBucketNameOf, trailNameOf } from '../logging/names.ts';
import { beyondBoundary, boundaryServices } from '../security/boundary-services.ts';
import { areas, objectBucketNameOf } from '../storage/names.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';
import { type Statement, statementsOf } from './statements.ts';

/** Who did what to the account, and who watches it. */
export const trailRows: readonly Row[] = [
  {
    id: 'trail/calls',
    source: ['001', '002'],
    requirement: 'CloudTrail records every call to AWS',
    answer:
      'Of all regions, with hashes that chain its files, encrypted, in CloudWatch too, and with what is unusual marked.',
    check: ({ environment, only, target }) => {
      const { properties } = only('Logging', 'AWS::CloudTrail::Trail');
      const group = target(properties['CloudWatchLogsLogGroupArn']);
      return [
        ...expected('the trail', properties, {
          TrailName: trailNameOf(environment.name),
          IsLogging: true,
          IsMultiRegionTrail: true,
          IncludeGlobalServiceEvents: true,
          EnableLogFileValidation: true,
          InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }],
        }),
        ...(textAt(properties, 'KMSKeyId').startsWith('${Security.') ? [] : ['its files have no key of ours']),
        ...expected('its log group', group?.properties['RetentionInDays'], 365),
        ...(textAt(group?.properties ?? {}, 'KmsKeyId').startsWith('${Security.')
          ? []
          : ['its log group has no key of ours']),
      ];
    },
  },
  {
    id: 'trail/objects',
    source: ['002'],
    requirement: 'who read which statement or audit record',
    answer:
      'Every reading and writing of an object of both buckets is in the trail, with who it was; in production also those of their copies in the other region, which the same trail sees.',
    check: ({ environment, deployment, only }) => {
      const selectors = listAt(only('Logging', 'AWS::CloudTrail::Trail').properties, 'AdvancedEventSelectors');
      const regions = environment.name === 'production' ? (['region', 'otherRegion'] as const) : (['region'] as const);
      const names = regions.flatMap((where) =>
        areas.map((area) =>
          objectBucketNameOf(environment.name, { account: deployment.account, region: deployment[where] }, area),
        ),
      );
      return expected(
        'what is selected',
        selectors.map((selector) => at(selector, 'FieldSelectors') ?? null),
        [
          [{ Field: 'eventCategory', Equals: ['Management'] }],
          [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
            { Field: 'resources.ARN', StartsWith: names.map((name) => `arn:aws:s3:::${name}/`) },
          ],
        ],
      );
    },
  },
  {
    id: 'trail/bucket',
    source: ['001', '002'],
    requirement: 'the record of calls cannot be changed or deleted',
    answer: 'A bucket with Object Lock, for a year in production, encrypted, that only this trail writes into.',
    check: (synthesised) => {
      const { environment, deployment, only } = synthesised;
      const bucket = only('Logging', 'AWS::S3::Bucket', {
        BucketName: trailBucketNameOf(environment.name, deployment),
      });
      const retention = {
        development: { Mode: 'GOVERNANCE', Days: 1 },
        staging: { Mode: 'GOVERNANCE', Days: 30 },
        production: { Mode: 'COMPLIANCE', Days: 365 },
      }[environment.name];
      const arn = `arn:aws:cloudtrail:${deployment.region}:${deployment.account}:trail/${trailNameOf(environment.name)}`;
      const [policy] = synthesised
        .resources('Logging', 'AWS::S3::BucketPolicy')
        .filter(({ properties }) => properties['Bucket'] === `\${Logging.${bucket.id}}`);
      const writers = listAt(policy?.properties, 'PolicyDocument', 'Statement').filter(
        (statement) => textAt(statement, 'Effect') === 'Allow',
      );
      return [
        ...expected(
          'its lock',
          at(bucket.properties, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention'),
          retention,
        ),
        ...expected(
          'its encryption',
          at(
            bucket.properties,
            'BucketEncryption',
            'ServerSideEncryptionConfiguration',
            0,
            'ServerSideEncryptionByDefault',
          ),
          {
            SSEAlgorithm: 'aws:kms',
          },
        ),
        ...writers.flatMap((statement) => [
          ...expected('who writes', at(statement, 'Principal', 'Service'), 'cloudtrail.amazonaws.com'),
          ...expected('for which trail', at(statement, 'Condition', 'StringEquals', 'aws:SourceArn'), arn),
        ]),
        ...expected('the end of the bucket', bucket.raw.DeletionPolicy, 'Retain'),
      ];
    },
  },
  {
    id: 'governance/detection',
    source: ['001'],
    requirement: 'GuardDuty, Security Hub and Access Analyzer',
    answer:
      'In production, whose account is its own: GuardDuty with S3, sign-ins to the database and what runs in tasks; Security Hub with PCI DSS 4.0.1. Staging’s belong to its organisation, and development has none.',
    check: ({ environment, resources, only }) => {
      if (environment.governance !== 'own')
        return watchers.flatMap((type) =>
          resources('*', type).map(({ stack, id }) => `${stack}.${id} would be the second ${type}`),
        );
      const features = listAt(only('Security', 'AWS::GuardDuty::Detector', { Enable: true }).properties, 'Features');
      return [
        ...expected('environment', environment.name, 'production'),
        ...expected(
          'what GuardDuty sees',
          features
            .filter((feature) => textAt(feature, 'Status') === 'ENABLED')
            .map((feature) => textAt(feature, 'Name')),
          ['S3_DATA_EVENTS', 'RDS_LOGIN_EVENTS', 'RUNTIME_MONITORING'],
        ),
        ...expected('tasks', at(features[2], 'AdditionalConfiguration', 0), {
          Name: 'ECS_FARGATE_AGENT_MANAGEMENT',
          Status: 'ENABLED',
        }),
        ...expected(
          'standards',
          resources('Security', 'AWS::SecurityHub::Standard').map(
            ({ properties }) => textAt(properties, 'StandardsArn').split('::standards/')[1] ?? '',
          ),
          ['pci-dss/v/4.0.1', 'aws-foundational-security-best-practices/v/1.0.0'],
        ),
        ...expected('the analyzer', only('Security', 'AWS::AccessAnalyzer::Analyzer').properties, { Type: 'ACCOUNT' }),
      ];
    },
  },
  {
    id: 'governance/configuration',
    source: ['001'],
    requirement: 'AWS Config records how everything is configured, and PCI DSS is judged by it',
    answer:
      'Where the account is its own: all types, also global ones, continuously. Security Hub’s standard is used in place of a conformance pack: it is version 4.0.1, and AWS keeps it.',
    check: ({ environment, resources, only }) => {
      if (environment.governance !== 'own')
        return expected('recorders', resources('*', 'AWS::Config::ConfigurationRecorder').length, 0);
      return [
        ...expected('the recorder', only('Logging', 'AWS::Config::ConfigurationRecorder').properties, {
          RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
          RecordingMode: { RecordingFrequency: 'CONTINUOUS' },
        }),
        ...expected('where it is delivered', resources('Logging', 'AWS::Config::DeliveryChannel').length, 1),
      ];
    },
  },
  {
    id: 'access/within-boundary',
    source: ['platform'],
    requirement: 'the boundary of all roles takes away nothing that a role needs',
    answer:
      'A list of services with what each is for, and of what is refused in them. Every action of every role is within it, so a program does not learn at run time what it may not.',
    check: (synthesised) => [
      ...statementsOf(synthesised)
        .filter(
          ({ kind, effect, place }) =>
            kind === 'identity' && effect === 'Allow' && !place.startsWith('Security.Boundary'),
        )
        .flatMap(outsideProblems),
      ...expected(
        'what the boundary refuses',
        statementsOf(synthesised)
          .filter(({ effect, place }) => effect === 'Deny' && place.startsWith('Security.Boundary'))
          .flatMap(({ actions }) => actions)
          .toSorted(),
        [...beyondBoundary].toSorted(),
      ),
    ],
  },
];

/** Why an action of a role could not be done, whatever its policy says; empty when it could. */
function outsideProblems({ place, actions }: Statement): string[] {
  const outside = actions.filter((action) => {
    const [service = ''] = action.split(':');
    return (
      !Object.hasOwn(boundaryServices, service) &&
      !['iam:PassRole', 'sts:AssumeRole', 'sts:TagSession'].includes(action)
    );
  });
  const denied = actions.filter((action) => beyondBoundary.includes(action));
  return [...outside, ...denied].map((action) => `${place} may ${action}, which the boundary takes away`);
}

const watchers = ['AWS::GuardDuty::Detector', 'AWS::SecurityHub::Hub', 'AWS::AccessAnalyzer::Analyzer'];
