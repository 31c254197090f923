import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bug } from './check.ts';
import { fromPublic, millisecondsOf, prefixes, type Thing, toPublic, toRailKey } from './ids.ts';

const things = Object.keys(prefixes) as Thing[];
const anyThing = fc.constantFrom(...things);
const anyUuid = fc.uuid();
const anyUuid7 = fc.uuid({ version: 7 });
const example = '019aa5d3-7c00-7abc-8def-0123456789ab';

test('every thing has its own prefix of two letters', () => {
  const all = Object.values(prefixes);
  expect(new Set(all).size).toBe(all.length);
  for (const prefix of all) expect(prefix).toMatch(/^[a-z]{2}$/);
});

test('a public id leads back to its UUID, for every thing', () => {
  fc.assert(
    fc.property(anyThing, anyUuid, (thing, uuid) => {
      expect(fromPublic(thing, toPublic(thing, uuid))).toBe(uuid);
    }),
  );
});

test('the smallest and the largest UUID have ids', () => {
  const nil = '00000000-0000-0000-0000-000000000000';
  const max = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  expect(toPublic('transfer', nil)).toBe(`tr_${'0'.repeat(26)}`);
  expect(toPublic('transfer', max)).toBe(`tr_7${'z'.repeat(25)}`);
  expect(fromPublic('transfer', toPublic('transfer', max))).toBe(max);
});

test('ids sort as their UUIDs do, so by time', () => {
  fc.assert(
    fc.property(anyUuid7, anyUuid7, (a, b) => {
      expect(toPublic('transfer', a) < toPublic('transfer', b)).toBe(a < b);
    }),
  );
});

test('an id of one thing is not an id of another', () => {
  fc.assert(
    fc.property(anyThing, anyThing, anyUuid, (made, other, uuid) => {
      fc.pre(made !== other);
      expect(fromPublic(other, toPublic(made, uuid))).toBeNull();
    }),
  );
});

test.each([
  ['nothing', ''],
  ['only the prefix', 'tr_'],
  ['another prefix', toPublic('account', example)],
  ['a bare UUID', example],
  ['one digit short', toPublic('transfer', example).slice(0, -1)],
  ['one digit more', `${toPublic('transfer', example)}0`],
  ['upper case', toPublic('transfer', example).toUpperCase()],
  ['a letter Crockford leaves out', toPublic('transfer', example).replace(/.$/, 'u')],
  ['more than 128 bits', `tr_8${'0'.repeat(25)}`],
  ['a line break after it', `${toPublic('transfer', example)}\n`],
  ['a space before it', ` ${toPublic('transfer', example)}`],
])('%s is not a transfer id', (_, text) => {
  expect(fromPublic('transfer', text)).toBeNull();
});

test('no text at all makes fromPublic throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fromPublic('transfer', text) === null));
});

test.each(['', 'x', example.toUpperCase(), `${example}\n`, example.replaceAll('-', '')])(
  '%j is not a UUID: a Bug',
  (text) => {
    expect(() => toPublic('transfer', text)).toThrow(Bug);
    expect(() => millisecondsOf(text)).toThrow(Bug);
  },
);

test('the instant inside a UUIDv7 is read back', () => {
  expect(millisecondsOf(example)).toBe(0x019aa5d37c00);
});

test('a rail key is 28 capitals and digits, as networks take them, and no two are the same', () => {
  fc.assert(
    fc.property(anyUuid, fc.integer({ min: 1, max: 31 }), (transferId, attempt) => {
      expect(toRailKey(transferId, attempt)).toMatch(/^[0-9A-Z]{28}$/);
      expect(toRailKey(transferId, attempt)).not.toBe(toRailKey(transferId, attempt + 1));
    }),
  );
});

test.each([0, 33, -1, 1.5, Number.NaN])('attempt %p is a Bug', (attempt) => {
  expect(() => toRailKey(example, attempt)).toThrow(Bug);
});
