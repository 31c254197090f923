import { beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { freshApi, type Reply } from '../../test/support/harness/api.ts';
import { routes } from '../routes.ts';

/** A change takes what a read gave, and is made on the condition that the client names (RFC 9110, If-Match). */
const { api } = freshApi();

/** The things that are changed by PATCH: how one is made, and a change of it. */
const things = {
  account: {
    path: '/v1/accounts',
    body: { name: 'Mary', currency: 'USD', metadata: { a: '1', b: '2' } },
    other: 'name',
  },
  'webhook endpoint': {
    path: '/v1/webhook-endpoints',
    body: { url: 'https://example.com/', description: 'Shop' },
    other: 'description',
  },
} as const;
type Thing = keyof typeof things;
const kinds = Object.keys(things) as Thing[];

const addresses: Record<string, string> = {};
beforeEach(async () => {
  for (const [kind, { path, body }] of Object.entries(things)) {
    if (addresses[kind] !== undefined) await api.call(addresses[kind], { method: 'DELETE' });
    addresses[kind] = `${path}/${(await api.call(path, { body })).body.id}`;
  }
});

const get = (kind: Thing): Promise<Reply> => api.call(addresses[kind] ?? '');
const patch = (kind: Thing, body: object, ifMatch?: string): Promise<Reply> =>
  api.call(addresses[kind] ?? '', {
    ...{ method: 'PATCH', body },
    ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
  });

test('every field that a read gives is taken by its change', () => {
  const changes = routes.filter(({ method }) => method === 'PATCH');
  // With the plan and the runs of statements, which have tests of their own.
  expect(changes).toHaveLength(kinds.length + 2);
  const fieldsOf = (schema: unknown) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);
  for (const { path, operation } of changes) {
    const read = fieldsOf(operation.response);
    expect(read.length).toBeGreaterThan(5);
    expect([path, read.filter((name) => !fieldsOf(operation.body).includes(name))]).toEqual([path, []]);
  }
});

test.each(kinds)('%s: what was read is sent back, with one field changed', async (kind) => {
  const { other } = things[kind];
  const read = await get(kind);
  const changed = await patch(kind, { ...read.body, [other]: 'Another' }, read.headers['etag']);
  expect(changed.status).toBe(200);
  const moving = { version: 2, updated_at: changed.body.updated_at, balance: changed.body.balance };
  expect({ ...changed.body, balance: null }).toEqual({ ...read.body, [other]: 'Another', ...moving, balance: null });
});

test.each(kinds)('%s: a field that cannot be changed is refused with another value', async (kind) => {
  const read = await get(kind);
  for (const [name, value] of [
    ['id', 'x'],
    ['object', 'x'],
    ['created_at', '2026-11-21T14:00:00.000Z'],
  ] as const) {
    const refused = await patch(kind, { ...read.body, [name]: value });
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [{ pointer: `/${name}`, code: 'read_only', message: expect.stringContaining('cannot be changed') }],
    ]);
  }
  expect((await get(kind)).headers['etag']).toBe('"1"');
});

test.each(kinds)('%s: a change under the ETag of an older version is refused, and nothing is changed', async (kind) => {
  const { other } = things[kind];
  const { headers, body } = await get(kind);
  expect(headers['etag']).toBe(`"${body.version}"`);
  const first = await patch(kind, { [other]: 'First' }, headers['etag']);
  expect([first.status, first.headers['etag']]).toEqual([200, '"2"']);
  for (const late of [
    await patch(kind, { [other]: 'Second' }, headers['etag']),
    await patch(kind, { [other]: 'Second', version: body.version }),
    await patch(kind, { [other]: 'Second', version: 2 }, '"1"'),
    await patch(kind, { [other]: 'Second' }, '"another"'),
  ])
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed']);
  expect((await get(kind)).body[other]).toBe('First');
  for (const good of ['"2"', '*', '"1", "4", "x"'])
    expect((await patch(kind, { [other]: 'Third' }, good)).status).toBe(200);
});

test.each(kinds)('%s: of eight changes at once on one condition, one is made', async (kind) => {
  const { other } = things[kind];
  const { headers } = await get(kind);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => patch(kind, { [other]: `Nr ${n}` }, headers['etag'])),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(412)]);
});

test.each(kinds)('%s: an If-Match that is no ETag is refused', async (kind) => {
  for (const wrong of ['2', 'W/"2"', '"2', '"1" "2"', '']) {
    const refused = await patch(kind, { [things[kind].other]: 'X' }, wrong);
    expect([wrong, refused.status, refused.body.errors?.[0].pointer]).toEqual([wrong, 400, 'header/If-Match']);
  }
});

test('a condition is never ignored: other operations that write refuse it', async () => {
  for (const { method, path, operation } of routes.filter(
    (route) => route.method !== 'GET' && !route.operation.takesIfMatch,
  )) {
    const refused = await api.call(path.replace('{id}', 'x'), { method, body: {}, headers: { 'if-match': '"1"' } });
    expect([path, refused.status >= 400, operation.takesIfMatch]).toEqual([path, true, undefined]);
  }
  const made = await api.call('/v1/accounts', { body: { name: 'A', currency: 'USD' }, headers: { 'if-match': '"1"' } });
  expect([made.status, made.body.errors[0].pointer]).toEqual([400, 'header/If-Match']);
});

test('metadata is merged by name, null removes a name, and null in place of it removes all', async () => {
  const metadataAfter = async (metadata: object | null) => (await patch('account', { metadata })).body.metadata;
  expect(await metadataAfter({ b: null, c: '3' })).toEqual({ a: '1', c: '3' });
  expect(await metadataAfter({})).toEqual({ a: '1', c: '3' });
  const three = await Promise.all(['x', 'y', 'z'].map((name) => patch('account', { metadata: { [name]: name } })));
  expect(three.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await get('account')).body.metadata).toEqual({ a: '1', c: '3', x: 'x', y: 'y', z: 'z' });
  expect(await metadataAfter(null)).toEqual({});
});

test('null clears what may be absent', async () => {
  expect((await patch('account', { reference: 'r-1' })).body.reference).toBe('r-1');
  expect((await patch('account', { name: 'Still' })).body.reference).toBe('r-1');
  expect((await patch('account', { reference: null })).body.reference).toBeNull();
  expect((await patch('webhook endpoint', { description: null })).body.description).toBeNull();
});

test('an endpoint that was disabled for a reason keeps it when it is sent back', async () => {
  const disabled = (await patch('webhook endpoint', { status: 'disabled' })).body;
  expect((await patch('webhook endpoint', disabled)).body.disabled_reason).toBe(disabled.disabled_reason);
});
