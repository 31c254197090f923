import { consoleOriginOf } from '../edge/names.ts';
import { at, expected, listAt, textAt } from './json.ts';
import type { Row } from './row.ts';

/** People who sign in. */
export const identityRows: readonly Row[] = [
  {
    id: 'identity/mfa',
    source: ['002'],
    requirement: 'Cognito with a second factor for everybody',
    answer:
      'Required by the pool from the first day (it cannot be made so later), by an authenticator app; no SMS, which can be taken over. Not there yet: the API takes no token of the pool, so nothing but the pool checks it.',
    check: ({ only }) =>
      expected('the pool', only('Identity', 'AWS::Cognito::UserPool').properties, {
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      }),
  },
  {
    id: 'identity/passwords',
    source: ['002'],
    requirement: 'Strong passwords',
    answer: 'At least 14 characters of four kinds, none of the last 12; an invitation ends after a day.',
    check: ({ only }) =>
      expected(
        'the passwords',
        at(only('Identity', 'AWS::Cognito::UserPool').properties, 'Policies', 'PasswordPolicy'),
        {
          MinimumLength: 14,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          PasswordHistorySize: 12,
          TemporaryPasswordValidityDays: 1,
        },
      ),
  },
  {
    id: 'identity/threats',
    source: ['002'],
    requirement: 'Stolen passwords and odd sign-ins are seen',
    answer: "Cognito's plan Plus with full threat protection, which blocks by risk.",
    check: ({ only }) =>
      expected('the pool', only('Identity', 'AWS::Cognito::UserPool').properties, {
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      }),
  },
  {
    id: 'identity/tokens',
    source: ['002'],
    requirement: 'Short tokens that can be revoked',
    answer:
      'Access tokens of 15 minutes, refresh tokens of 12 hours that change with each use, revocation. Whether a name exists is not told. The code is sent to an address of the API, so that no browser sees a token. Not there yet: that address in the API. Nobody can sign in to a console.',
    check: ({ only, deployment }) => {
      const { properties } = only('Identity', 'AWS::Cognito::UserPoolClient');
      return expected('the client', properties, {
        AccessTokenValidity: 15,
        IdTokenValidity: 15,
        RefreshTokenValidity: 720,
        TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
        EnableTokenRevocation: true,
        PreventUserExistenceErrors: 'ENABLED',
        GenerateSecret: true,
        AllowedOAuthFlows: ['code'],
        CallbackURLs: [`${consoleOriginOf(deployment.domain)}/session/callback`],
      });
    },
  },
  {
    id: 'identity/kept',
    source: ['002', 'platform'],
    requirement: 'Nobody deletes all people with one command',
    answer: 'The pool is protected and stays when its stack goes. Nobody signs up: people are invited.',
    check: ({ only }) => {
      const pool = only('Identity', 'AWS::Cognito::UserPool');
      return [
        ...expected('the pool', pool.properties, {
          DeletionProtection: 'ACTIVE',
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        }),
        ...expected('what becomes of it', pool.raw.DeletionPolicy ?? '', 'Retain'),
      ];
    },
  },
  {
    id: 'identity/sign-in-events',
    source: ['002', 'platform'],
    requirement: 'Failed sign-ins are critical events and go into the locked archive',
    answer:
      "Cognito's events of signing in, with address and risk, through a stream into the archive's bucket within a minute. The role of the stream may add there, below one place, and can neither read nor replace.",
    check: ({ only, resources, target, environment }) => {
      const delivery = listAt(
        only('Identity', 'AWS::Cognito::LogDeliveryConfiguration').properties,
        'LogConfigurations',
      );
      const stream = only('Identity', 'AWS::KinesisFirehose::DeliveryStream');
      const destination = at(stream.properties, 'ExtendedS3DestinationConfiguration');
      const [archive] = resources('Storage', 'AWS::S3::Bucket').filter(({ properties }) =>
        textAt(properties, 'BucketName').endsWith('-audit'),
      );
      const role = target(textAt(destination, 'RoleARN'));
      const actions = listAt(role?.properties, 'Policies')
        .flatMap((policy) => listAt(policy, 'PolicyDocument', 'Statement'))
        .flatMap((statement) => listAt(statement, 'Action').map(String));
      return [
        ...expected('what Cognito delivers', delivery, [{ EventSource: 'userAuthEvents', LogLevel: 'INFO' }]),
        ...expected(
          'where it delivers to',
          target(at(delivery[0], 'FirehoseConfiguration', 'StreamArn'))?.id,
          stream.id,
        ),
        ...expected(
          'the bucket',
          textAt(destination, 'BucketARN'),
          `arn:aws:s3:::${textAt(archive?.properties, 'BucketName')}`,
        ),
        ...expected('the seconds until then', at(destination, 'BufferingHints', 'IntervalInSeconds'), 60),
        ...(textAt(destination, 'Prefix').startsWith('sign-ins/') &&
        textAt(destination, 'ErrorOutputPrefix').startsWith('sign-ins/')
          ? []
          : ['events stand outside of sign-ins/']),
        ...(listAt(stream.properties, 'Tags').some(
          (tag) => at(tag, 'Key') === 'LogDeliveryEnabled' && at(tag, 'Value') === 'true',
        )
          ? []
          : ['Cognito may not write to the stream']),
        ...expected('the role', textAt(role?.properties, 'RoleName'), `quittance-${environment.name}-sign-ins`),
        ...actions.filter((action) => /s3:(Get|Delete)Object/.test(action)).map((action) => `the role may ${action}`),
      ];
    },
  },
];
