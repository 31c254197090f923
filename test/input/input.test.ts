import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pLimit from 'p-limit';
import type { Route } from '../../api/http/operation.ts';
import { routes } from '../../api/routes.ts';
import { toPublic } from '../../domain/ids.ts';
import { scopes } from '../../domain/scope.ts';
import { aKey, freshApi } from '../support/harness/api.ts';
import { countRows } from '../support/harness/row-counts.ts';
import { badBodies } from './bodies.ts';
import { type Case, differs } from './expected.ts';
import { type BadHeader, badBodyHeaders, badCallerHeaders, badKeyHeaders } from './headers.ts';
import { badQueries, parameterRows } from './queries.ts';
import { createRawClient } from './send.ts';
import { type BadValue, textsAbove } from './texts.ts';
import { badValues } from './values.ts';
import { type Field, openThings, type WriteRoute, writeRoutes } from './write-routes.ts';

/**
 * Bad input on every route: a table of what no field, body, header or address may be, against all routes that have such a field.
 * After each refusal every table of the database has the rows that it had before.
 */
const { pools, api } = freshApi();
const inParallel = pLimit(16);
let secret: string;
let client: ReturnType<typeof createRawClient>;
let writes: Record<string, readonly WriteRoute[]>;
let sent = 0;

beforeAll(async () => {
  secret = await api.keyWith({ scopes });
  client = createRawClient(api.port);
  writes = await writeRoutes(await openThings(api.call));
});
afterAll(() => {
  client.end();
  process.stdout.write(`bad input: ${rows} rows, ${sent} requests\n`);
});

const title = ({ method, path }: Route): string => `${method} ${path}`;
const takesBody = routes.filter(({ operation }) => operation.body !== undefined);

const rows =
  Object.values(badValues).reduce((sum, values) => sum + values.length, 0) +
  textsAbove(1).length +
  badBodies.length +
  badBodyHeaders.length +
  badCallerHeaders.length +
  badKeyHeaders.length +
  parameterRows;

test('the table has at least 250 rows, and every route that takes a body has its fields in it', () => {
  expect(rows).toBeGreaterThanOrEqual(250);
  expect(Object.keys(writes).toSorted()).toEqual(takesBody.map(title).toSorted());
});

/** Sends each, and expects its refusal, and no row that was not there before. */
async function expectRefused(cases: readonly Case[]): Promise<void> {
  expect(cases.length).toBeGreaterThan(0);
  const before = await countRows(pools.root);
  const found = await Promise.all(cases.map((one) => inParallel(async () => differs(one, await client.send(one)))));
  sent += cases.length;
  expect(found.filter((difference) => difference !== null)).toEqual([]);
  expect(await countRows(pools.root)).toEqual(before);
}

const headers = () => ({
  authorization: `Bearer ${secret}`,
  'content-type': 'application/json',
  'idempotency-key': aKey(),
});
const keyless = new Set(routes.filter(({ operation }) => operation.refusesKey).map(title));
const headersOf = (route: string) => ({ ...headers(), ...(keyless.has(route) && { 'idempotency-key': null }) });

/** The first request of a route that would be accepted. */
function sampleOf(route: string): WriteRoute {
  const [first] = writes[route] ?? [];
  if (!first) throw new Error(`${route} has no request in write-routes.ts`);
  return first;
}

/** The body with this JSON in the place of one field. */
function withField(body: object, pointer: string, json: string): string {
  const copy = structuredClone(body);
  const names = pointer.slice(1).split('/');
  const last = names.pop() ?? '';
  // A pointer of the table leads through objects and lists.
  let parent = copy as Record<string, unknown>;
  for (const name of names) {
    parent[name] ??= {};
    parent = parent[name] as Record<string, unknown>;
  }
  parent[last] = mark;
  return JSON.stringify(copy).replace(JSON.stringify(mark), () => json);
}
const mark = 'the place of the bad value';

function valuesOf({ kind, mayBeNull }: Field): readonly BadValue[] {
  const values = typeof kind === 'object' ? textsAbove(kind.text) : badValues[kind];
  return mayBeNull ? values : [...values, ['null', 'null']];
}

test.each(takesBody.map(title))('%s: no field takes what its kind may not be', async (route) => {
  const [method = ''] = route.split(' ');
  await expectRefused(
    (writes[route] ?? []).flatMap(({ path, body, fields }) =>
      fields.flatMap((field) =>
        valuesOf(field).map(([what, json]) => ({
          ...{ what: `${what} in ${field.pointer}`, method, path, headers: headersOf(route) },
          ...{ body: withField(body, field.pointer, json), code: 'validation_failed' as const, pointer: field.pointer },
        })),
      ),
    ),
  );
});

test.each(takesBody.map(title))('%s: no body that is not JSON, or not one of this API', async (route) => {
  const [method = ''] = route.split(' ');
  const { path } = sampleOf(route);
  await expectRefused([
    ...badBodies.map(([what, body, code, pointer]) => ({
      ...{ what, method, path, headers: headersOf(route), body, code, pointer },
    })),
    ...badBodyHeaders.map((row) => withHeaders(row, { method, path, headers: headersOf(route), body: '{}' })),
  ]);
});

const withHeaders = ([what, more, code]: BadHeader, request: Omit<Case, 'what' | 'code'>): Case => ({
  ...{ ...request, what, code },
  headers: { ...request.headers, ...more },
});

const anId = { transfer: '019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071' };
/** An address of the route, of things that do not exist. */
const pathOf = ({ path }: Route): string => path.replaceAll(/\{\w+\}/g, toPublic('transfer', anId.transfer));

test('no route takes a caller who does not say who it is', async () => {
  await expectRefused(
    routes.flatMap((route) =>
      badCallerHeaders.map((row) =>
        withHeaders(row, { method: route.method, path: pathOf(route), headers: headers() }),
      ),
    ),
  );
});

test('no route that needs an idempotency key takes one that is none', async () => {
  await expectRefused(
    routes
      .filter(({ operation }) => operation.needsKey)
      .flatMap((route) =>
        badKeyHeaders.map((row) => {
          const { path, body } = sampleOf(title(route));
          return withHeaders(row, { method: 'POST', path, headers: headers(), body: JSON.stringify(body) });
        }),
      ),
  );
});

test('no list and no question takes a parameter that it does not have, or a value that it cannot have', async () => {
  await expectRefused(
    routes
      .filter(({ method, path }) => method === 'GET' && !path.includes('{'))
      .flatMap((route) =>
        badQueries(route).map(({ query, name }) => ({
          ...{
            what: query.slice(0, 80),
            method: 'GET',
            path: `${route.path}?${query}`,
            headers: headersOf(title(route)),
          },
          ...{ code: 'validation_failed' as const, pointer: `query/${name}` },
        })),
      ),
  );
});

/** Ids in addresses. An id that is none names nothing. */
const badIds = [
  'x',
  '%00',
  '%ff',
  '%2e%2e',
  '..%2faccounts',
  '%20',
  'ac_',
  'zz_01m8jw41y5efmtpf5wcz4pqd5v',
  '*',
  "'",
  '%F0%9F%94%91',
];

test('no address of one thing takes what is no id', async () => {
  await expectRefused(
    routes
      .filter(({ path }) => path.includes('{id}'))
      .flatMap((route) =>
        badIds.map((id) => ({
          ...{
            what: id,
            method: route.method,
            path: route.path.replaceAll(/\{\w+\}/g, id),
            headers: headersOf(title(route)),
          },
          ...{ code: 'not_found' as const, ...(route.operation.body && { body: '{}' }) },
        })),
      ),
  );
});
