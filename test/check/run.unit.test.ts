import { expect, test } from '@jest/globals';
import { runCheck } from './run.ts';
import type { Check } from './table.ts';

const words = { name: 'stand-in', question: 'does it end well?', onFailure: 'Nothing to do.' };
const exitsWith = (code: number) => [process.execPath, '-e', `process.exit(${code})`];
const tool = (reason: string | null): Check => ({
  ...{ ...words, kind: 'tool', tool: 'squawk', command: exitsWith(1) },
  whyMissing: async () => reason,
});
const seconds = expect.any(Number);

test.each<[string, Check, object, lastLine: RegExp]>([
  [
    'a program that exits with 0',
    { ...words, kind: 'program', command: exitsWith(0) },
    { tally: { passed: 0, failed: 0, skipped: 0 }, seconds, again: [] },
    /^ {3}ok, /,
  ],
  [
    'a program that exits with 3',
    { ...words, kind: 'program', command: exitsWith(3) },
    { tally: { passed: 0, failed: 1, skipped: 0 }, seconds, again: [] },
    /stand-in FAILED after .* Nothing to do\.$/,
  ],
  [
    'a program that is not there',
    { ...words, kind: 'program', command: ['/nowhere'] },
    { tally: { passed: 0, failed: 1, skipped: 0 }, seconds, again: [] },
    /\/nowhere could not be started: .*\n.* FAILED/,
  ],
  ['a tool that is missing', tool('no network'), { notRun: 'squawk (no network)' }, /^ {3}not run: squawk/],
  [
    'a tool that is here and fails',
    tool(null),
    { tally: { passed: 0, failed: 1, skipped: 0 }, seconds, again: [] },
    /FAILED/,
  ],
])('%s', async (_, check, result, lastLine) => {
  const lines: string[] = [];
  expect(await runCheck(check, (line) => void lines.push(line))).toEqual(result);
  expect(lines.at(-1)).toMatch(lastLine);
});
