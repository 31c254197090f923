import { expect, test } from '@jest/globals';
import { routes } from '../routes.ts';
import { createOpenApi } from './document.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads the document as its readers do.
const document: any = JSON.parse(JSON.stringify(createOpenApi(routes)));
// biome-ignore lint/suspicious/noExplicitAny: as above.
const operations: any[] = Object.values<object>(document.paths).flatMap((path) => Object.values(path));
const { schemas } = document.components;
const successOf = (responses: object) => Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];

test('every route is in the document, and every operation says what it is, what it does, and what came of it', () => {
  for (const { method, path } of routes)
    expect(document.paths[path][method.toLowerCase()].responses['401']).toBeDefined();
  for (const { operationId, summary, description, responses } of operations)
    expect([operationId, summary, description, successOf(responses)]).toEqual([
      expect.stringMatching(/^[a-z]+([A-Z][a-z]+)*$/),
      expect.stringMatching(/^[A-Z].*[^.]$/),
      expect.stringMatching(/^[\s\S]{15,}\.$/),
      expect.objectContaining({ description: expect.stringMatching(/^[A-Z].*\.$/) }),
    ]);
});

test('operation ids are unique', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test('every group of operations has a text', () => {
  const described = document.tags.filter(({ description }: { description: string }) => description.length > 20);
  const used = new Set(operations.flatMap(({ tags }) => tags));
  expect([...used].toSorted()).toEqual(described.map(({ name }: { name: string }) => name).toSorted());
});

test('every name in the document is defined, and every schema and parameter has a description', () => {
  const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([A-Za-z0-9]+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.filter((name) => schemas[name ?? ''] === undefined)).toEqual([]);
  expect(Object.keys(schemas).filter((name) => name.endsWith('Output'))).toEqual([]);
  expect(Object.keys(schemas).filter((name) => !schemas[name].description)).toEqual([]);
  const parameters = operations.flatMap(({ operationId, parameters: its = [] }) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    its.map((one: any) => ({ at: `${operationId} ${one.name}`, ...one })),
  );
  const isDescribed = (one: { description?: string; schema: { $ref?: string } }) => one.description ?? one.schema.$ref;
  expect(parameters.filter((one) => !isDescribed(one)).map(({ at }) => at)).toEqual([]);
});

test('ids and times have their form, and parameters their types', () => {
  expect(schemas.TransferId.pattern).toBe('^tr_[0-7][0-9a-hjkmnp-tv-z]{25}$');
  expect(schemas.Time.pattern.length).toBeLessThan(80);
  const list = document.paths['/v1/transfers'].get.parameters;
  const typeOf = (name: string) => list.find((one: { name: string }) => one.name === name).schema.type;
  expect(['limit', 'attention', 'status'].map(typeOf)).toEqual(['integer', 'boolean', 'array']);
});

test('an answer names its headers', () => {
  const { responses } = document.paths['/v1/transfers'].post;
  const headersOf = (status: string) => Object.keys(responses[status].headers);
  expect(headersOf('201')).toEqual(expect.arrayContaining(['Location', 'Ledger-Token', 'Idempotent-Replayed']));
  for (const status of ['429', '503']) expect(headersOf(status)).toContain('Retry-After');
  for (const { responses: its } of operations)
    for (const one of Object.values<{ headers: object }>(its)) expect(Object.keys(one.headers)).toContain('Request-Id');
});

test('no schema of an answer forbids fields that are added later; those of requests do', () => {
  const closed = (node: unknown): string[] =>
    typeof node !== 'object' || node === null
      ? []
      : Object.entries(node).flatMap(([name, value]) =>
          name === 'additionalProperties' && value === false ? ['closed'] : closed(value),
        );
  for (const { responses } of operations) expect(closed(responses)).toEqual([]);
  for (const name of ['Account', 'Transfer', 'Event', 'Balance', 'ApiKey', 'Problem', 'Transfers'])
    expect([name, closed(schemas[name])]).toEqual([name, []]);
  expect(closed(schemas.NewAccount)).not.toEqual([]);
});
