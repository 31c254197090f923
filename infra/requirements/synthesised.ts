import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { foldIn } from './fold.ts';
import { at, isObject, type Json, type JsonObject, matches } from './json.ts';
import type { Assembly, RawResource, Template } from './template.ts';

export type { Assembly, RawResource, StackTemplate, Template } from './template.ts';

/** A resource for reading: functions are folded, so a reference to the VPC of Network is the text `${Network.Vpc8378EB38}`. */
export type Resource = {
  stack: string;
  /** The logical id. */
  id: string;
  type: string;
  /** Where its construct stands: `production/Network/Vpc/Resource`. Empty when it has none. */
  path: string;
  properties: JsonObject;
  raw: RawResource;
};

/** One environment with its questions. `'*'` as a stack means all of them. */
export type Synthesised = {
  environment: Environment;
  deployment: Deployment;
  stacks: Record<string, Template>;
  /** Whether CloudFormation refuses to delete a stack. */
  isProtected: (stack: string) => boolean;
  /** Resources of a type (`AWS::EC2::VPC`, or `*`), and of these those whose folded properties hold all of `where`. */
  resources: (stack: string, type: string, where?: JsonObject) => Resource[];
  /** The same, when there must be exactly one. Throws with what there is: the row is red with this sentence. */
  only: (stack: string, type: string, where?: JsonObject) => Resource;
  /** The resource that a folded reference speaks of: `${Network.Vpc8378EB38}` or `${Network.Vpc8378EB38.CidrBlock}`. */
  target: (reference: Json | undefined) => Resource | undefined;
  /** A value of a stack's template with its functions folded. */
  resolve: (stack: string, value: Json) => Json;
  /** The folded value of an output of a stack, by its logical id. */
  output: (stack: string, id: string) => Json | undefined;
};

/** Makes one environment's templates answer questions. Reads only; an edit of the templates needs another call. */
export function synthesised(assembly: Assembly): Synthesised {
  const { environment, deployment, stacks } = assembly;
  const fold = foldIn(assembly);
  const all = Object.entries(stacks).flatMap(([stack, { template }]) =>
    Object.entries(template.Resources).map(([id, raw]): Resource => {
      const path = at(raw.Metadata ?? {}, 'aws:cdk:path');
      const properties = fold(stack, raw.Properties ?? {});
      return {
        stack,
        id,
        type: raw.Type,
        path: typeof path === 'string' ? path : '',
        properties: isObject(properties) ? properties : {},
        raw,
      };
    }),
  );
  const resources = (stack: string, type: string, where: JsonObject = {}): Resource[] =>
    all.filter(
      (resource) =>
        (stack === '*' || resource.stack === stack) &&
        (type === '*' || resource.type === type) &&
        matches(resource.properties, where),
    );
  return {
    environment,
    deployment,
    stacks: Object.fromEntries(Object.entries(stacks).map(([id, { template }]) => [id, template])),
    isProtected: (stack) => stacks[stack]?.isProtected === true,
    resources,
    only: (stack, type, where) => {
      const found = resources(stack, type, where);
      const [first] = found;
      if (first !== undefined && found.length === 1) return first;
      const condition = where === undefined ? '' : ` with ${JSON.stringify(where)}`;
      throw new Error(
        `${environment.name}: ${stack} has ${found.length} of ${type}${condition}: ${found.map(({ id }) => id).join(', ')}`,
      );
    },
    target: (reference) => {
      const [, stack, id] = /^\$\{([^.}]+)\.([^.}]+)/.exec(String(reference)) ?? [];
      return all.find((resource) => resource.stack === stack && resource.id === id);
    },
    resolve: fold,
    output: (stack, id) => {
      const output = stacks[stack]?.template.Outputs?.[id];
      return output === undefined ? undefined : fold(stack, output.Value);
    },
  };
}
