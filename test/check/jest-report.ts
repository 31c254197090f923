import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { root } from '../support/tree.ts';

/** What one check counted: jest's tests, and any other check that failed as one failure. */
export type Tally = { passed: number; failed: number; skipped: number };

/** What a run of jest counted. `red`: the files with a failed test, by their path in the repository, and what passed in each. */
export type JestResult = { tally: Tally; red: { path: string; passed: number }[] };

const reportSchema = z.looseObject({
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** Where a run of jest writes what it counted. */
export function reportFile(name: string): string {
  mkdirSync(join(root, '.test'), { recursive: true });
  return join(root, `.test/jest-${name}.json`);
}

/** What jest counted. A run that ended badly without a failed test (a server did not start, no report) is one failure of no file. */
export function readReport(name: string, ok: boolean): JestResult {
  const file = reportFile(name);
  if (!existsSync(file)) return { tally: { passed: 0, failed: 1, skipped: 0 }, red: [] };
  const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  const count = (of: string) => Number(report[of] ?? 0);
  const failed = count('numFailedTests') + count('numRuntimeErrorTestSuites');
  return {
    tally: {
      passed: count('numPassedTests'),
      failed: failed === 0 && !ok ? 1 : failed,
      skipped: count('numPendingTests') + count('numTodoTests'),
    },
    red: report.testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name: path, assertionResults }) => ({
        path: relative(root, path),
        passed: assertionResults.filter(({ status }) => status === 'passed').length,
      })),
  };
}
