import { at, type Json, listAt } from '../requirements/json.ts';
import type { Change } from './change.ts';
import { set } from './spoil.ts';

const distribution = (draft: Parameters<Change['edit']>[0]): Json | undefined =>
  at(draft.one('Edge', 'AWS::CloudFront::Distribution').Properties, 'DistributionConfig');

const rules = (draft: Parameters<Change['edit']>[0]): Json[] =>
  listAt(draft.one('Edge', 'AWS::WAFv2::WebACL').Properties, 'Rules');

const rule = (draft: Parameters<Change['edit']>[0], name: string): Json | undefined =>
  rules(draft).find((each) => at(each, 'Name') === name);

/** Bad changes of what the world reaches first. */
export const edgeChanges: readonly Change[] = [
  {
    name: 'browsers with TLS 1.0 are let in',
    environment: 'production',
    turnsRed: ['edge/distribution'],
    edit: (draft) => set(at(distribution(draft), 'ViewerCertificate'), 'MinimumProtocolVersion', 'TLSv1'),
  },
  {
    name: 'the path of the simple bank is forgotten at the edge',
    environment: 'production',
    turnsRed: ['edge/routes'],
    edit: (draft) => {
      const all = listAt(distribution(draft), 'CacheBehaviors');
      set(
        distribution(draft),
        'CacheBehaviors',
        all.filter((each) => at(each, 'PathPattern') !== '/add_balance'),
      );
    },
  },
  {
    name: 'answers of the API are cached',
    environment: 'staging',
    turnsRed: ['edge/api-behaviour'],
    edit: (draft) =>
      set(
        listAt(distribution(draft), 'CacheBehaviors').find((each) => at(each, 'PathPattern') === '/v1/*'),
        'CachePolicyId',
        '658327ea-f89d-4fab-a63d-7e88639e58f6',
      ),
  },
  {
    name: 'the firewall counts addresses before it limits sign-ins',
    environment: 'production',
    turnsRed: ['edge/firewall-rules'],
    edit: (draft) => {
      set(rule(draft, 'sign-in-rate'), 'Priority', 6);
      set(rule(draft, 'anonymous-addresses'), 'Priority', 0);
    },
  },
  {
    name: 'the rule about bodies asks for JSON of requests without a body',
    environment: 'production',
    turnsRed: ['edge/firewall-bodies'],
    edit: (draft) => {
      const statement = at(rule(draft, 'json-bodies'), 'Statement', 'AndStatement');
      const parts = listAt(statement, 'Statements');
      set(
        statement,
        'Statements',
        parts.filter((part) => at(part, 'SizeConstraintStatement') === undefined),
      );
    },
  },
  {
    name: 'the limit of requests is a thousand times higher',
    environment: 'production',
    turnsRed: ['edge/firewall-rates'],
    edit: (draft) => set(at(rule(draft, 'rate'), 'Statement', 'RateBasedStatement'), 'Limit', 2_000_000),
  },
  {
    name: "keys stand in the firewall's log",
    environment: 'production',
    turnsRed: ['edge/firewall-log'],
    edit: (draft) => set(draft.one('Edge', 'AWS::WAFv2::LoggingConfiguration').Properties, 'RedactedFields', []),
  },
  {
    name: 'every website may call the API',
    environment: 'production',
    turnsRed: ['edge/cors'],
    edit: (draft) => {
      const settings = draft
        .all('Api', 'AWS::SSM::Parameter')
        .filter(({ Properties }) => JSON.stringify(Properties ?? {}).includes('CORS_ORIGINS'));
      for (const setting of settings) set(setting.Properties, 'Value', '*');
    },
  },
  {
    name: "everybody may read the console's bucket past the edge",
    environment: 'production',
    turnsRed: ['access/no-anonymous', 'edge/console'],
    edit: (draft) => {
      const policy = draft
        .all('Edge', 'AWS::S3::BucketPolicy')
        .find(({ Properties }) => JSON.stringify(Properties ?? {}).includes('cloudfront.amazonaws.com'));
      const readers = listAt(policy?.Properties, 'PolicyDocument', 'Statement').filter(
        (each) => at(each, 'Effect') === 'Allow',
      );
      for (const reader of readers) {
        set(reader, 'Principal', '*');
        set(reader, 'Condition', {});
      }
    },
  },
  {
    name: 'the second factor is a choice',
    environment: 'production',
    turnsRed: ['identity/mfa'],
    edit: (draft) => set(draft.one('Identity', 'AWS::Cognito::UserPool').Properties, 'MfaConfiguration', 'OPTIONAL'),
  },
  {
    name: 'passwords of eight characters are enough',
    environment: 'staging',
    turnsRed: ['identity/passwords'],
    edit: (draft) =>
      set(
        at(draft.one('Identity', 'AWS::Cognito::UserPool').Properties, 'Policies', 'PasswordPolicy'),
        'MinimumLength',
        8,
      ),
  },
  {
    name: 'sign-ins are not delivered to the archive',
    environment: 'production',
    turnsRed: ['identity/sign-in-events'],
    edit: (draft) => draft.remove('Identity', 'AWS::Cognito::LogDeliveryConfiguration'),
  },
  {
    name: 'mail goes out without TLS',
    environment: 'production',
    turnsRed: ['channels/configuration-set'],
    edit: (draft) =>
      set(
        at(draft.one('Channels', 'AWS::SES::ConfigurationSet').Properties, 'DeliveryOptions'),
        'TlsPolicy',
        'OPTIONAL',
      ),
  },
];
