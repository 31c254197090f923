import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import { canonical } from './canonical.ts';

const texts = ['', 'a', 'A b-c_0:9', '"', '\\', '\n\u0007\u007f', 'é', '\u2028', '\u{1f600}', '\ufb33', '10', '9', '~'];
const plain = [null, true, false, 0, -0, 1, -1, 1.5e-7, 1e21, 333333333.3333333, Number.MAX_SAFE_INTEGER, ...texts];

/** Every value up to a depth: each plain one, and lists and members of those before, in a sequence that is not theirs. */
function valuesTo(depth: number): unknown[] {
  if (depth === 0) return plain;
  const below = valuesTo(depth - 1);
  const members = below.map((value, i) => [texts[(i * 7) % texts.length] ?? '', value] as const);
  return [
    ...[[], {}, below, Object.fromEntries(members.toReversed()), { b: below, a: undefined, 10: 1, 9: 2 }],
    ...below.flatMap((value) => [[value], { é: value, b: value, a: value }]),
  ];
}

test.each([0, 1, 2, 3])('values of depth %s are written as the package for RFC 8785 writes them', (depth) => {
  for (const value of valuesTo(depth)) expect(canonical(value)).toBe(canonicalize(value));
});

test.each([
  ['half of a character', 'a\ud800'],
  ['half of a character in a name', { '\ud800': 1 }],
  ['no number', Number.NaN],
  ['a number without an end', [Number.POSITIVE_INFINITY]],
  ['nothing', undefined],
  ['a large number', { a: 1n }],
])('%s has no canonical form', (_, value) => {
  expect(() => canonical(value)).toThrow('what is archived');
});
