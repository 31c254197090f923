import { expect, test } from '@jest/globals';
import { isAllowed } from './licences.ts';
import { installedIn, neededBy, readLock } from './packages.ts';
import { createSbom } from './sbom.ts';

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['MIT AND OFL-1.1', true],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('the licence %p is allowed: %s', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected);
});

const lock = readLock(
  JSON.stringify({
    packages: {
      '': { dependencies: { a: '1.0.0' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '^1.0.0' }, optionalDependencies: { c: '*' } },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    },
  }),
);
const product = { name: 'p', version: '1.0.0', at: '2026-01-01T00:00:00.000Z' };

test('a package needs the nearest one, as Node finds it, and nothing of what is optional and absent', () => {
  const has = (place: string) => place in lock;
  expect(neededBy('node_modules/a', lock['node_modules/a'] ?? never(), has)).toEqual(['node_modules/a/node_modules/b']);
});

test.each([
  ['another version', { place: 'node_modules/b', name: 'b', version: '2.0.1' }],
  ['a package that the lock file does not know', { place: 'node_modules/d', name: 'd', version: '1.0.0' }],
])('%s than the lock file has ends the bill', (_, installed) => {
  expect(() => createSbom([installed], lock, product)).toThrow(installed.place);
});

test('a folder without packages has none', () => {
  expect(installedIn(import.meta.dirname)).toEqual([]);
});

function never(): never {
  throw new Error('the lock file above has it');
}
