import { isObject, type Json, type JsonObject } from './json.ts';
import type { Assembly } from './template.ts';

/** Folds the functions of a stack's template into what a reader would write. */
export type Fold = (stack: string, value: Json) => Json;

/**
 * Folds what is known before a deployment: pseudo parameters become the deployment's values, a join of texts one text, a reference the
 * text `${Stack.LogicalId}` or `${Stack.LogicalId.Attribute}`, also when it leads through another stack's output. What cannot be known
 * keeps its function.
 */
export function foldIn(assembly: Assembly): Fold {
  const fold: Fold = (stack, value) => {
    if (Array.isArray(value)) return value.map((item) => fold(stack, item)).filter((item) => item !== nothing);
    if (!isObject(value)) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    const folded = only !== undefined && entries.length === 1 ? foldFunction(stack, only[0], only[1]) : undefined;
    if (folded !== undefined) return folded;
    return Object.fromEntries(
      entries.map(([key, item]) => [key, fold(stack, item)]).filter(([, item]) => item !== nothing),
    );
  };

  const foldFunction = (stack: string, name: string, value: Json): Json | undefined => functions[name]?.(stack, value);

  const functions: Record<string, (stack: string, value: Json) => Json | undefined> = {
    Ref: (stack, value) => pseudoParameters(assembly, stack)[String(value)] ?? `\${${stack}.${String(value)}}`,
    'Fn::GetAtt': (stack, value) =>
      `\${${stack}.${Array.isArray(value) ? value.map(String).join('.') : String(value)}}`,
    'Fn::Join': (stack, value) => {
      const [separator, items] = pair(fold(stack, value));
      return Array.isArray(items) && items.every((item) => typeof item !== 'object')
        ? items.join(String(separator))
        : undefined;
    },
    'Fn::Sub': (stack, value) => {
      const [text, named]: [Json, Json] = Array.isArray(value) ? pair(value) : [value, {}];
      if (typeof text !== 'string') return undefined;
      return text.replace(/\$\{([^!}][^}]*)\}/g, (_whole, name: string) => {
        const own = isObject(named) ? named[name] : undefined;
        const [id = '', ...attribute] = name.split('.');
        return String(
          own !== undefined
            ? fold(stack, own)
            : attribute.length > 0
              ? `\${${stack}.${name}}`
              : functions['Ref']?.(stack, id),
        );
      });
    },
    'Fn::Split': (stack, value) => {
      const [separator, text] = pair(fold(stack, value));
      return typeof text === 'string' && typeof separator === 'string' ? text.split(separator) : undefined;
    },
    'Fn::Select': (stack, value) => {
      const [index, items] = pair(fold(stack, value));
      return Array.isArray(items) ? items[Number(index)] : undefined;
    },
    'Fn::GetAZs': () => [...assembly.deployment.zones],
    'Fn::GetStackOutput': (_stack, value) => {
      const reference: JsonObject = isObject(value) ? value : {};
      const found = Object.entries(assembly.stacks).find(([, { name }]) => name === reference['StackName']);
      const output = found?.[1].template.Outputs?.[String(reference['OutputName'])];
      return found === undefined || output === undefined ? undefined : fold(found[0], output.Value);
    },
  };

  return fold;
}

/** Stands for a value that CloudFormation leaves out. */
const nothing = '${AWS::NoValue}';

const pair = (value: Json): [Json, Json] =>
  Array.isArray(value) ? [value[0] ?? null, value[1] ?? null] : [null, null];

/** What AWS puts for its pseudo parameters, by the deployment. */
const pseudoParameters = (assembly: Assembly, stack: string): Record<string, Json> => ({
  'AWS::AccountId': assembly.stacks[stack]?.account ?? assembly.deployment.account,
  'AWS::Region': assembly.stacks[stack]?.region ?? assembly.deployment.region,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': assembly.stacks[stack]?.name ?? stack,
  'AWS::NoValue': nothing,
});
