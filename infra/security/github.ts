import { Duration } from 'aws-cdk-lib';
import { type IOidcProvider, OidcProviderNative, OpenIdConnectPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';

const host = 'token.actions.githubusercontent.com';

/** No session of a pipeline is longer. */
export const sessionMax = Duration.hours(1);

/** GitHub as who vouches for its workflows: no key of this account is kept at GitHub. */
export const githubProvider = (scope: Construct): IOidcProvider =>
  new OidcProviderNative(scope, 'GitHub', { url: `https://${host}`, clientIds: ['sts.amazonaws.com'] });

/**
 * Workflows of this repository that run in the environment of this name, which GitHub starts only after its approvals. The subject is
 * compared whole: a pattern would let another repository in. Both forms stand: since July 2026 GitHub writes the numeric ids of owner and
 * repository into it, so that nobody who takes over a name becomes us, and repositories of before have the old form until they move.
 */
export const githubPrincipal = (
  provider: IOidcProvider,
  environment: EnvironmentName,
  { repository }: Deployment,
): OpenIdConnectPrincipal =>
  new OpenIdConnectPrincipal(provider, {
    StringEquals: {
      [`${host}:aud`]: 'sts.amazonaws.com',
      [`${host}:sub`]: subjectsOf(environment, repository),
    },
  });

/** The subjects of the tokens that are let in. */
export function subjectsOf(
  environment: EnvironmentName,
  { owner, ownerId, name, nameId }: Deployment['repository'],
): string[] {
  return [
    `repo:${owner}@${ownerId}/${name}@${nameId}:environment:${environment}`,
    `repo:${owner}/${name}:environment:${environment}`,
  ];
}
