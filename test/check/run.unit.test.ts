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

test.each<[string, Check, object]>([
  [
    'a program that exits with 0',
    { ...words, kind: 'program', command: exitsWith(0) },
    { tally: { passed: 0, failed: 0, skipped: 0 }, seconds },
  ],
  [
    'a program that exits with 3',
    { ...words, kind: 'program', command: exitsWith(3) },
    { tally: { passed: 0, failed: 1, skipped: 0 }, seconds },
  ],
  [
    'a program that is not there',
    { ...words, kind: 'program', command: ['/nowhere'] },
    { tally: { passed: 0, failed: 1, skipped: 0 }, seconds },
  ],
  ['a tool that is missing', tool('no network'), { notRun: 'squawk (no network)' }],
  ['a tool that is here and fails', tool(null), { tally: { passed: 0, failed: 1, skipped: 0 }, seconds }],
])('%s', async (_, check, result) => {
  expect(await runCheck(check)).toEqual(result);
});
