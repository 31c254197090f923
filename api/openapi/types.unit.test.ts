import { expect, test } from '@jest/globals';
import { routes } from '../routes.ts';
import { createOpenApi } from './document.ts';

/**
 * Generators name a schema after its component. One that is written inside another gets a name that is made up from its place, often with a
 * number, and another one when something beside it changes; one that says no type is `Any` or `unknown`.
 */

type Schema = { readonly [word: string]: unknown };

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasOf = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const inside = (node: unknown): [string, Schema][] =>
  Object.entries(isSchema(node) ? node : {}).filter((one): one is [string, Schema] => isSchema(one[1]));

const words = ['$ref', 'type', 'anyOf', 'oneOf', 'allOf', 'const', 'enum'];

/** What is wrong with a schema that stands inside another, and with those inside of it, a sentence each. */
function faultsAt(at: string, schema: Schema, isAlternative = false): string[] {
  const isObject = [schema['type']].flat().includes('object') || schema['properties'] !== undefined;
  return [
    ...(isObject ? [`${at} is an object without a name`] : []),
    ...(isAlternative && schema['enum'] !== undefined ? [`${at} has words without a name`] : []),
    ...(words.some((word) => word in schema) ? [] : [`${at} has no type`]),
    ...faultsIn(at, schema),
  ];
}

/** The same of those inside it only: of a schema that has a name. */
function faultsIn(at: string, schema: Schema): string[] {
  const { items, additionalProperties: more } = schema;
  return [
    ...inside(schema['properties']).flatMap(([name, field]) => faultsAt(`${at}.${name}`, field)),
    ...(isSchema(items) ? faultsAt(`${at}[]`, items) : []),
    // An empty one says that more fields may come, whatever they are.
    ...(isSchema(more) && Object.keys(more).length > 0 ? faultsAt(`${at}{}`, more) : []),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((word) =>
      schemasOf(schema[word]).flatMap((one, n) => faultsAt(`${at}|${n}`, one, true)),
    ),
  ];
}

/** The same of all schemas of a document: its components, its bodies and its parameters. */
function faultsOf(document: Schema): string[] {
  const components = inside(document['components']).flatMap(([kind, its]) => (kind === 'schemas' ? inside(its) : []));
  const operations = [document['paths'], document['webhooks']].flatMap(inside).flatMap(([, path]) => inside(path));
  return [
    ...components.flatMap(([name, schema]) => faultsIn(name, schema)),
    ...operations.flatMap(([, operation]) => {
      const id = String(operation['operationId']);
      const bodies = [['body', operation['requestBody']] as const, ...inside(operation['responses'])];
      return [
        ...schemasOf(operation['parameters']).flatMap((one) =>
          faultsAt(`${id} ${one['name']}`, one['schema'] as Schema),
        ),
        ...bodies.flatMap(([name, body]) =>
          inside(isSchema(body) ? body['content'] : {}).flatMap(([, { schema }]) =>
            faultsAt(`${id} ${name}`, schema as Schema),
          ),
        ),
      ];
    }),
  ];
}

const document = (): Schema => JSON.parse(JSON.stringify(createOpenApi(routes)));

test('each object and each alternative has a name, and each field a type, so that generated clients have stable types', () => {
  expect(faultsOf(document())).toEqual([]);
});

test.each<[string, Schema, string[]]>([
  ['a field', { properties: { a: { type: 'object' } } }, ['Thing.a is an object without a name']],
  ['a list', { items: { type: ['object', 'null'] } }, ['Thing[] is an object without a name']],
  ['a map', { additionalProperties: { type: 'object' } }, ['Thing{} is an object without a name']],
  ['an alternative', { anyOf: [{ type: 'object' }, { type: 'null' }] }, ['Thing|0 is an object without a name']],
  ['words', { oneOf: [{ type: 'string', enum: ['a'] }] }, ['Thing|0 has words without a name']],
  ['no type', { properties: { a: { readOnly: true } } }, ['Thing.a has no type']],
  ['a map of anything', { additionalProperties: {} }, []],
])('%s is looked into', (_, schema, faults) => {
  expect(faultsOf({ components: { schemas: { Thing: schema } } })).toEqual(faults);
});

test.each([
  [
    'a body',
    { requestBody: { content: { json: { schema: { type: 'object' } } } } },
    'do body is an object without a name',
  ],
  ['an answer', { responses: { 200: { content: { json: { schema: {} } } } } }, 'do 200 has no type'],
  ['a parameter', { parameters: [{ name: 'a', schema: { items: {} } }] }, 'do a[] has no type'],
])('%s of an operation is looked at', (_, operation, fault) => {
  expect(faultsOf({ paths: { '/': { get: { operationId: 'do', ...operation } } } })).toContain(fault);
});
