import { boundaryNameOf } from '../names.ts';
import { starConditions, starPatterns, starResources } from '../policies/star-resources.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Row } from './row.ts';
import { type Statement, statementsOf, trustsOf } from './statements.ts';
import type { Synthesised } from './synthesised.ts';

/** Least privilege and no public door: walks over everything that there is, so that what nobody thought of is seen too. */
export const accessRows: readonly Row[] = [
  {
    id: 'access/no-star-action',
    source: ['001', '003'],
    requirement: 'roles without wildcards: no statement allows every action, or every action of a service',
    answer:
      'Each statement lists its actions. The boundary of all roles is a bound and no grant, so it may speak of services.',
    check: (synthesised) =>
      grants(synthesised).flatMap(({ place, actions, notActions }) => [
        ...actions.filter((action) => action.includes('*')).map((action) => `${place} allows ${action}`),
        ...(notActions.length > 0 ? [`${place} allows all but ${notActions.join(', ')}`] : []),
      ]),
  },
  {
    id: 'access/star-resource',
    source: ['001', '003'],
    requirement:
      'roles without wildcards: a statement on every resource has actions that know no resource, each with its reason',
    answer:
      'policies/star-resources.ts lists them, and the few ARNs whose end is made later (objects of one bucket, tasks of one cluster, revisions of one family, snapshots and stacks of one environment); whatever else is allowed names what it is allowed on, or a key by its alias.',
    check: (synthesised) => [
      ...grants(synthesised).flatMap(({ place, resources, condition }) =>
        resources
          .map(String)
          .filter((resource) => resource !== '*' && resource.includes('*'))
          .filter((resource) => !starPatterns.some(({ pattern }) => pattern.test(resource)))
          .filter(() => !hasKey(condition, 'kms:ResourceAliases'))
          .map((resource) => `${place} is allowed something on ${resource}`),
      ),
      ...grants(synthesised)
        .filter(({ resources }) => resources.includes('*'))
        .flatMap(({ place, actions, condition }) =>
          actions.flatMap((action) => {
            const key = starConditions[action];
            if (starResources[action] === undefined) return [`${place} allows ${action} on *`];
            return key === undefined || hasKey(condition, key) ? [] : [`${place} allows ${action} without ${key}`];
          }),
        ),
    ],
  },
  {
    id: 'access/no-anonymous',
    source: ['platform'],
    requirement: 'no bucket, key, queue, topic, registry or role is open to every account',
    answer:
      'A statement that names everybody must deny, or be bound to one account, organisation, endpoint or source by a condition.',
    check: (synthesised) =>
      [...statementsOf(synthesised).filter(({ kind }) => kind === 'resource'), ...trustsOf(synthesised)]
        .filter(({ effect, principal, condition }) => effect === 'Allow' && isAnyone(principal) && !isBound(condition))
        .map(({ place, actions }) => `${place} allows ${actions.join(', ')} to everybody`),
  },
  {
    id: 'access/boundary',
    source: ['platform'],
    requirement: 'no role can do more than its environment allows, whatever policy is attached to it later',
    answer: 'Every role has the boundary of its environment, by name, also those that CDK makes for itself.',
    check: ({ environment, deployment, resources }) => {
      const boundary = `arn:aws:iam::${deployment.account}:policy/${boundaryNameOf(environment.name)}`;
      return resources('*', 'AWS::IAM::Role')
        .filter(({ properties }) => properties['PermissionsBoundary'] !== boundary)
        .map(({ stack, id }) => `${stack}.${id} has no boundary`);
    },
  },
  {
    id: 'access/no-users',
    source: ['001', 'platform'],
    requirement: 'nobody and no program has a long-lived access key',
    answer:
      'There are roles only: programs get theirs from ECS, and two (who deploys, who pushes) can be had by a token of GitHub. How people sign in to the account is its organisation’s, and not here.',
    check: ({ resources }) =>
      ['AWS::IAM::User', 'AWS::IAM::AccessKey', 'AWS::IAM::Group'].flatMap((type) =>
        resources('*', type).map(({ stack, id }) => `${stack}.${id} is a ${type}`),
      ),
  },
];

/** What identities are allowed. The boundary is left out: alone it allows nothing. */
function grants(synthesised: Synthesised): Statement[] {
  const boundaries = synthesised
    .resources('*', 'AWS::IAM::ManagedPolicy', { ManagedPolicyName: boundaryNameOf(synthesised.environment.name) })
    .map(({ stack, id }) => `${stack}.${id}`);
  return statementsOf(synthesised).filter(
    ({ kind, effect, place }) => kind === 'identity' && effect === 'Allow' && !boundaries.includes(place),
  );
}

const isAnyone = (principal: Statement['principal']): boolean =>
  principal === '*' || (isObject(principal) && Object.values(principal).flat().includes('*'));

/** Keys of a condition that bind everybody to somebody. */
const binding =
  /^(aws:(SourceAccount|SourceArn|PrincipalOrgID|PrincipalAccount|PrincipalArn|SourceVpce|SourceVpc)|kms:CallerAccount)$/i;

const isBound = (condition: JsonObject): boolean =>
  Object.values(condition).some((keys) => isObject(keys) && Object.keys(keys).some((key) => binding.test(key)));

const hasKey = (condition: JsonObject, wanted: string): boolean =>
  Object.values(condition).some((keys) => isObject(keys) && Object.keys(keys).includes(wanted));
