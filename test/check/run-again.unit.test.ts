import { expect, test } from '@jest/globals';
import { mayRunAgain, sumOf } from './run-again.ts';

const red = (...paths: string[]) => ({ red: paths.map((path) => ({ path, passed: 2 })) });

test.each<[boolean, string, ReturnType<typeof red>]>([
  [true, 'one file of programs that wait for each other', red('test/e2e/api.test.ts')],
  [true, 'three of them', red('test/e2e/api.test.ts', 'api/feed.test.ts', 'worker/a.test.ts')],
  [false, 'a run that ended badly without a red file', red()],
  [false, 'more than three', red('api/a.test.ts', 'api/b.test.ts', 'api/c.test.ts', 'api/d.test.ts')],
  [false, 'a race in the book', red('ledger/transfers/races.test.ts')],
  [false, 'one about the book among others', red('api/a.test.ts', 'test/model/model.test.ts')],
  [false, 'a rule', red('test/rules/names.test.ts')],
])('%s: %s', (isAllowed, _, files) => expect(mayRunAgain(files)).toBe(isAllowed));

test('each test of a red file is counted once, by its second run', () => {
  const first = { tally: { passed: 100, failed: 1, skipped: 0 }, ...red('api/a.test.ts') };
  expect(sumOf(first, { passed: 3, failed: 0, skipped: 0 })).toEqual({ passed: 101, failed: 0, skipped: 0 });
  expect(sumOf(first, { passed: 2, failed: 1, skipped: 0 })).toEqual({ passed: 100, failed: 1, skipped: 0 });
});
