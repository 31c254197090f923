import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { routes } from '../../routes.ts';
import { newTransfer } from '../../transfers/schema.ts';
import { validate } from './validate.ts';

/** The message for each wrong field. */
const wrong = (schema: z.ZodType, value: unknown): Record<string, string> => {
  const read = validate(schema, value, 'body');
  return read.ok
    ? {}
    : Object.fromEntries((read.refusal.errors ?? []).map(({ pointer, message }) => [pointer, message]));
};

test('names every missing field, also before the kind of the body is known', () => {
  expect(wrong(newTransfer, {})).toEqual({
    '/rail': 'must be one of: book, instant',
    '/amount': 'must be a string of digits',
    '/currency': 'must be the code of a currency that GET /v1/currencies lists',
    '/source': 'is required',
    '/destination': 'is required',
  });
});

test('for a body of no kind, an error of only one kind is not reported', () => {
  const account = { account_id: 'ac_1' };
  const body = { rail: 'pigeon', amount: '1', currency: 'USD', source: account, destination: account };
  expect(Object.keys(wrong(newTransfer, body)).sort()).toEqual(['/rail', '/source/account_id']);
});

test('a body of a known kind is checked against that kind only, and each field once', () => {
  const read = validate(newTransfer, { rail: 'book', amount: 1 }, 'body');
  expect(read.ok ? [] : read.refusal.errors?.map(({ pointer }) => pointer).sort()).toEqual([
    '/amount',
    '/currency',
    '/destination',
    '/source',
  ]);
});

test.each([
  [z.object({ a: z.string() }), { a: 1 }, 'must be text'],
  [z.object({ a: z.int() }), { a: 'x' }, 'must be a number'],
  [z.object({ a: z.array(z.string()) }), { a: {} }, 'must be a list'],
  [z.object({ a: z.strictObject({}) }), { a: null }, 'must be an object'],
])('the message is ours, not that of zod (%#)', (schema, value, message) => {
  expect(wrong(schema, value)).toEqual({ '/a': message });
});

/** Values of which every field refuses some. */
const wrongValues = [
  1,
  -1,
  0.5,
  true,
  '',
  ' ',
  'x',
  'x'.repeat(5_000),
  [],
  ['x', 'x'],
  {},
  { a: 1 },
  { a: { b: 1 } },
  null,
];
/** What the library would say. */
const foreign = /invalid|expected|too (big|small|long|short)|unrecognized|received|input/i;

const schemas = routes.flatMap(({ method, path, operation: { body, query } }) =>
  [body, query]
    .filter((schema) => schema instanceof z.ZodType)
    .map((schema): [string, z.ZodType] => [`${method} ${path}`, schema]),
);

/** The names that a schema of a request has, those of all its kinds together. */
const namesOf = (schema: z.ZodType): string[] =>
  schema instanceof z.ZodDiscriminatedUnion
    ? schema.options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []))
    : schema instanceof z.ZodObject
      ? Object.keys(schema.shape)
      : [];

test.each(schemas)('%s: no message is that of the library', (_, schema) => {
  const names = namesOf(schema);
  expect(names.length).toBeGreaterThan(0);
  const bodies: unknown[] = [...wrongValues];
  for (const value of wrongValues)
    for (const name of names)
      bodies.push({ [name]: value }, { rail: 'book', [name]: value }, { rail: 'instant', [name]: value });
  const messages = bodies.flatMap((body) => Object.values(wrong(schema, body)));
  expect(messages.filter((message) => foreign.test(message))).toEqual([]);
});
