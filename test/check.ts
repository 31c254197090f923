import type { Tally } from './check/jest-report.ts';
import { runCheck } from './check/run.ts';
import { checks } from './check/table.ts';

/**
 * Runs the checks of test/check/table.ts in turn: `npm test` all of them, `npm run check` (`--quick`) those that need no
 * server, `npm run check -- types lint` those that are named. A failed check does not stop the next, so one run tells all.
 * The last line is `N passed, N failed, N skipped`: the tests that jest ran, and each other check that failed as one
 * failure. A check whose tool is not on this machine is listed as not run, and a file of tests that passed only when it ran again
 * by itself is named (docs/adr/0048). With CI=true a skipped test fails the run.
 */
const flags = process.argv.slice(2);
const named = flags.filter((name) => name !== '--quick');
const unknown = named.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no check called ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const isChosen = (name: string) => named.length === 0 || named.includes(name);
const isLeftOut = (needsServers?: true) => named.length === 0 && flags.includes('--quick') && needsServers;

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const times: string[] = [];
const failed: string[] = [];
const notRun: string[] = [];
const again: string[] = [];
for (const check of checks.filter(({ name, needsServers }) => isChosen(name) && !isLeftOut(needsServers))) {
  const result = await runCheck(check);
  if ('notRun' in result) {
    notRun.push(result.notRun);
    continue;
  }
  times.push(`${check.name} ${result.seconds.toFixed(1)} s`);
  if (result.tally.failed > 0) failed.push(check.name);
  again.push(...result.again);
  total.passed += result.tally.passed;
  total.failed += result.tally.failed;
  total.skipped += result.tally.skipped;
}

const skipIsFailure = process.env['CI'] === 'true' && total.skipped > 0;
console.log(`\nTimes: ${times.join(', ')}.`);
if (notRun.length > 0) console.log(`Not run: ${notRun.join(', ')}.`);
if (again.length > 0) console.log(`Passed only when they ran again: ${again.join(', ')}.`);
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}.`);
if (skipIsFailure) console.log('Failed: a skipped test. In CI every test must run.');
process.exitCode = failed.length > 0 || skipIsFailure ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
