import { expect, test } from '@jest/globals';
import { z } from 'zod';
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
