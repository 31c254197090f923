import { expect, test } from '@jest/globals';
import { files, read } from '../support/tree.ts';

/** A bound in figures is right on one machine. `inTime` scales it, and what needs no longer than the default needs none. */
const bound = /^\}, \d[\d_]*\);$/m;

const tests = files(/\.test\.ts$/);

test('no test has a bound of its own in figures', () => {
  expect(tests.filter((file) => bound.test(read(file)))).toEqual([]);
});

test.each(['}, 20_000);', '}, 5000);'])('a bound such as %j is found', (line) => {
  expect(bound.test(`test('x', async () => {\n${line}\n`)).toBe(true);
});
