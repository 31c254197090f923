import { expect, test } from '@jest/globals';
import { canonical } from '../archive/canonical.ts';
import { canonicalText, parseCanonical } from './canonical.ts';

const values: unknown[] = [
  ...[null, true, 0, -0, 1e21, 1.5e-7, 333333333.3333333, '', 'é\u2028"\\\n\u0007', [], {}],
  { b: 1, a: [{ d: null, c: 'x' }, 2], '': 0 },
  // Names that a parser puts before all others, in another sequence than that of their code units.
  { 10: 'a', 9: 'b', a: 1, A: 2, é: 3, '\u{1f600}': 4, '\ufb33': 5 },
];

test.each(values)('the canonical text of %j is that of RFC 8785, which is read as it was written', (value) => {
  const text = canonicalText(value);
  expect(text).toBe(canonical(value));
  expect(parseCanonical(Buffer.from(text))).toEqual(JSON.parse(text));
});

test.each([
  ['another sequence of members', '{"b":1,"a":2}'],
  ['a member twice', '{"a":1,"a":1}'],
  ['a space', '{"a": 1}'],
  ['a number written otherwise', '{"a":1.0}'],
  ['a text written otherwise', '"\\u0061"'],
  ['something behind it', '1\n'],
  ['no JSON', 'x'],
  ['nothing', ''],
])('a text with %s is not canonical', (_, text) => {
  expect(parseCanonical(Buffer.from(text))).toBeUndefined();
});

test('bytes that are no UTF-8 are not canonical, whatever they would be read as', () => {
  expect(parseCanonical(Buffer.from('"\ufffd"'))).toBe('\ufffd');
  expect(parseCanonical(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
});
