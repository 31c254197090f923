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
): OpenIdConnectPrincipal => principalOf(provider, subjectsOf(environment, repository));

/** Workflows of this repository that wait for nobody: those of pull requests from within it, and those of its two branches. */
export const githubReader = (provider: IOidcProvider, { repository }: Deployment): OpenIdConnectPrincipal =>
  principalOf(provider, readerSubjectsOf(repository));

const principalOf = (provider: IOidcProvider, subjects: string[]): OpenIdConnectPrincipal =>
  new OpenIdConnectPrincipal(provider, {
    StringEquals: { [`${host}:aud`]: 'sts.amazonaws.com', [`${host}:sub`]: subjects },
  });

/** The subjects of the tokens that are let in. */
export const subjectsOf = (environment: EnvironmentName, repository: Deployment['repository']): string[] =>
  formsOf(repository, `environment:${environment}`);

/** Those that may look. A pull request from a copy of the repository elsewhere gets no token from GitHub. */
export const readerSubjectsOf = (repository: Deployment['repository']): string[] =>
  ['pull_request', 'ref:refs/heads/main', 'ref:refs/heads/develop'].flatMap((what) => formsOf(repository, what));

const formsOf = ({ owner, ownerId, name, nameId }: Deployment['repository'], what: string): string[] => [
  `repo:${owner}@${ownerId}/${name}@${nameId}:${what}`,
  `repo:${owner}/${name}:${what}`,
];
