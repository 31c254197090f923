import { expect, test } from '@jest/globals';
import { readIdempotencyKey } from './idempotency-key.ts';
import { fingerprintOf } from './request/fingerprint.ts';
import type { Json } from './request/strict-json.ts';

const read = (header: string | undefined, isNeeded = true) => {
  const key = readIdempotencyKey(header, { isNeeded });
  return key.ok ? key.value : key.refusal.code;
};

test.each([
  ['bare', 'abc', 'abc'],
  ['quoted', '"abc"', 'abc'],
  ['escapes inside quotes', '"a\\"b\\\\c"', 'a"b\\c'],
  ['a quote inside a bare key', 'a"b', 'a"b'],
  ['one character', 'x', 'x'],
  ['255 characters', 'x'.repeat(255), 'x'.repeat(255)],
  ['256 characters', 'x'.repeat(256), 'idempotency_key_invalid'],
  ['empty', '', 'idempotency_key_invalid'],
  ['empty quotes', '""', 'idempotency_key_invalid'],
  ['an open quote', '"abc', 'idempotency_key_invalid'],
  ['a control character', 'a\u0007b', 'idempotency_key_invalid'],
  ['not ASCII', 'clé', 'idempotency_key_invalid'],
  ['none', undefined, 'idempotency_key_missing'],
])('%s', (_, header, key) => {
  expect(read(header)).toBe(key);
});

test('needs none where no money moves', () => {
  expect(read(undefined, false)).toBeNull();
});

test('the order of fields does not count, every value does', () => {
  const print = (body: Json, route = '/v1/transfers') => fingerprintOf({ method: 'POST', route, body });
  const body = { amount: '1', metadata: { b: '2', a: '1' } };
  expect(print({ metadata: { a: '1', b: '2' }, amount: '1' })).toBe(print(body));
  expect(print({ ...body, amount: '2' })).not.toBe(print(body));
  expect(print({ ...body, metadata: { ...body.metadata, a: 'e\u0301' } })).not.toBe(
    print({ ...body, metadata: { ...body.metadata, a: '\u00e9' } }),
  );
  expect(print(body, '/v1/entries')).not.toBe(print(body));
});
