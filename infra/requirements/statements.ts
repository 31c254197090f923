import { isObject, type Json, type JsonObject, listAt, textAt } from './json.ts';
import type { Resource, Synthesised } from './synthesised.ts';

/** One statement of a policy, and where it stands. */
export type Statement = {
  /** `Api.TaskRoleDefaultPolicy07FC53DE`. */
  place: string;
  /** A policy of an identity says what it may do; one of a resource says who may do it. */
  kind: 'identity' | 'resource';
  effect: string;
  actions: string[];
  notActions: string[];
  resources: Json[];
  principal: Json | undefined;
  condition: JsonObject;
};

/** Members of resources that hold a policy document of who may use the resource. */
const resourcePolicies = [
  ['KeyPolicy'],
  ['PolicyDocument'],
  ['RepositoryPolicyText'],
  ['ResourcePolicy'],
  ['AccessPolicy'],
  ['PolicyText'],
];

const identityTypes = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

/** Every statement of every policy: inline, managed, trust policies apart, and those of keys, buckets, queues, topics, endpoints. */
export function statementsOf({ resources }: Synthesised): Statement[] {
  return resources('*', '*').flatMap((resource) => {
    const { type, properties } = resource;
    if (identityTypes.includes(type))
      return inDocument(resource, 'identity', listAt(properties, 'PolicyDocument', 'Statement'));
    if (type === 'AWS::IAM::Role')
      return listAt(properties, 'Policies').flatMap((policy) =>
        inDocument(resource, 'identity', listAt(policy, 'PolicyDocument', 'Statement')),
      );
    return resourcePolicies.flatMap((place) =>
      inDocument(resource, 'resource', listAt(properties, ...place, 'Statement')),
    );
  });
}

/** Who may take on each role: the statements of trust policies. */
export const trustsOf = ({ resources }: Synthesised): Statement[] =>
  resources('*', 'AWS::IAM::Role').flatMap((role) =>
    inDocument(role, 'resource', listAt(role.properties, 'AssumeRolePolicyDocument', 'Statement')),
  );

function inDocument({ stack, id }: Resource, kind: Statement['kind'], statements: Json[]): Statement[] {
  return statements.map((statement) => {
    const condition = isObject(statement) ? statement['Condition'] : undefined;
    return {
      place: `${stack}.${id}`,
      kind,
      effect: textAt(statement, 'Effect'),
      actions: listAt(statement, 'Action').map(String),
      notActions: listAt(statement, 'NotAction').map(String),
      resources: listAt(statement, 'Resource'),
      principal: isObject(statement) ? statement['Principal'] : undefined,
      condition: isObject(condition) ? condition : {},
    };
  });
}
