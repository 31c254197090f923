import { Duration, SecretValue } from 'aws-cdk-lib';
import { CfnUserPoolClient, type IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../environment/schema.ts';
import { pathOf, prefixOf } from '../names.ts';
import { fromSecret } from '../service/injected.ts';
import type { Value } from '../service/parameters.ts';

export type PageSignInProps = {
  environment: EnvironmentName;
  region: string;
  pool: IUserPool;
  key: IKey;
  /** The port at which a person has the page on their own machine. */
  port: number;
};

/**
 * Who looks at Temporal's page signs in as a person of our pool, with a second factor: the session leads to the page, and the page says who
 * it shows workflows to. The page is at the person's own machine, so that is where Cognito leads back to, and nobody else can take the code.
 */
export class PageSignIn extends Construct {
  /** What the page is told. */
  readonly settings: Readonly<Record<string, Value>>;

  constructor(scope: Construct, id: string, { environment, region, pool, key, port }: PageSignInProps) {
    super(scope, id);
    const callback = `http://localhost:${port}/auth/sso/callback`;
    const client = new CfnUserPoolClient(this, 'Client', {
      userPoolId: pool.userPoolId,
      clientName: `${prefixOf(environment)}-temporal`,
      generateSecret: true,
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['code'],
      allowedOAuthScopes: ['openid', 'email'],
      callbackUrLs: [callback],
      supportedIdentityProviders: ['COGNITO'],
      explicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      accessTokenValidity: accessFor.toMinutes(),
      idTokenValidity: accessFor.toMinutes(),
      refreshTokenValidity: refreshFor.toMinutes(),
      tokenValidityUnits: { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'minutes' },
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
    });
    const secret = new secretsmanager.Secret(this, 'Secret', {
      secretName: pathOf(environment, 'temporal/page'),
      description: 'What Temporal’s page proves itself with to Cognito. Cognito makes it',
      encryptionKey: key,
      secretStringValue: SecretValue.resourceAttribute(client.attrClientSecret),
    });
    this.settings = {
      TEMPORAL_AUTH_ENABLED: 'true',
      TEMPORAL_AUTH_TYPE: 'oidc',
      TEMPORAL_AUTH_PROVIDER_URL: `https://cognito-idp.${region}.amazonaws.com/${pool.userPoolId}`,
      TEMPORAL_AUTH_CLIENT_ID: client.ref,
      TEMPORAL_AUTH_CLIENT_SECRET: fromSecret(secret.secretArn),
      TEMPORAL_AUTH_CALLBACK_URL: callback,
      TEMPORAL_AUTH_SCOPES: 'openid,email',
    };
  }
}

/** As for the console: short tokens, and a working day. */
const accessFor = Duration.minutes(15);
const refreshFor = Duration.hours(12);
