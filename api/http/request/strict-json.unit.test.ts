import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictly } from './strict-json.ts';

const codeOf = (text: string) => {
  const parsed = parseStrictly(text, 1_000);
  return parsed.ok ? 'ok' : parsed.refusal.code;
};

test('reads what JSON.parse reads, to the same value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), fc.boolean(), (text, isSpread) => {
      const spelled = isSpread ? JSON.stringify(JSON.parse(text), null, 2) : text;
      fc.pre(codeOf(spelled) !== 'validation_failed');
      expect(parseStrictly(spelled, 1_000)).toEqual({ ok: true, value: JSON.parse(spelled) });
    }),
  );
});

test('refuses what JSON.parse refuses', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '1',
    'a',
    'true',
    ' ',
    '"a"',
    '"b":1',
    '\u0000',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
      (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(isJson || codeOf(text) !== 'ok').toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('refuses a name that is repeated in one object, at any depth', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => text !== 'prototype' && !(text in Object.prototype));
  fc.assert(
    fc.property(name, fc.json({ maxDepth: 2 }), fc.integer({ min: 0, max: 8 }), (key, value, depth) => {
      fc.pre(codeOf(value) === 'ok');
      const twice = `{${JSON.stringify(key)}:${value},"between":[],${JSON.stringify(key)} : 1}`;
      expect(codeOf(`${'['.repeat(depth)}${twice}${']'.repeat(depth)}`)).toBe('duplicate_json_key');
    }),
  );
});

test.each([
  ['the same name spelled with an escape', '{"a":1,"\\u0061":2}', 'duplicate_json_key'],
  ['one name in two objects', '[{"a":1},{"a":{"a":2}}]', 'ok'],
  ['a value that looks like a name', '{"a":"a","b":["a:","\\":"]}', 'ok'],
  ['a prototype name', '{"__proto__":1}', 'validation_failed'],
  ['a prototype name, deep and escaped', '{"a":[{"\\u005f_proto__":1}]}', 'validation_failed'],
  ['constructor', '{"metadata":{"constructor":"x"}}', 'validation_failed'],
  ['depth 16', `${'['.repeat(16)}${']'.repeat(16)}`, 'ok'],
  ['depth 17', `${'['.repeat(17)}${']'.repeat(17)}`, 'malformed_json'],
  ['brackets inside a string', `{"a":"${'['.repeat(50)}"}`, 'ok'],
  ['1,001 fields', `{${Array.from({ length: 1_001 }, (_, n) => `"f${n}":1`).join()}}`, 'validation_failed'],
  ['a trailing comma', '{"a":1,}', 'malformed_json'],
  ['a byte order mark', '\uFEFF{}', 'malformed_json'],
  ['two documents', '{}{}', 'malformed_json'],
  ['nothing', '', 'malformed_json'],
  ['NaN', '{"a":NaN}', 'malformed_json'],
])('%s', (_, text, code) => {
  expect(codeOf(text)).toBe(code);
});

test.each([
  ['100,000 open brackets', '['.repeat(65_536)],
  ['a string that never ends', `"${'\\"'.repeat(32_000)}`],
  ['many strings that never end', '"'.repeat(65_535)],
])('takes linear time: %s', (_, text) => {
  const { counted, looks } = countingLooks(text);
  expect(codeOf(counted)).toBe('malformed_json');
  expect(looks()).toBeLessThan(10 * text.length);
});

/** The same text, which counts how often something of it is read. */
function countingLooks(text: string): { counted: string; looks: () => number } {
  let looks = 0;
  // A string object in a proxy is a string to the code under test, which never asks for its type.
  const counted: string = new Proxy(Object(text), {
    get: (target, name) => {
      looks += 1;
      const found: unknown = Reflect.get(target, name);
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
  return { counted, looks: () => looks };
}
