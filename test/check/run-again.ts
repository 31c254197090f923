import type { JestResult, Tally } from './jest-report.ts';

/** More red files than that are no accident of a busy machine. */
const filesMax = 3;

/** Where a test looks for what happens once in many runs, such as a race: one red run is the finding. */
const neverAgain = /^(ledger|drizzle|domain|test\/(model|rules|releases))\//;

/** Whether red files may run once more, by themselves: a few, none of them about the book (docs/adr/0048). */
export const mayRunAgain = ({ red }: Pick<JestResult, 'red'>): boolean =>
  red.length > 0 && red.length <= filesMax && !red.some(({ path }) => neverAgain.test(path));

/** The sum of a first run, without its red files, and of their second run. */
export function sumOf(first: JestResult, second: Tally): Tally {
  const passedInRed = first.red.reduce((sum, { passed }) => sum + passed, 0);
  return {
    passed: first.tally.passed - passedInRed + second.passed,
    failed: second.failed,
    skipped: Math.max(first.tally.skipped, second.skipped),
  };
}
