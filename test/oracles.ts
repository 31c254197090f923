import { runCheck } from './check/run.ts';
import { oracles } from './oracles/table.ts';

/**
 * Runs the oracles of test/oracles/table.ts in turn: `npm run oracles`. Unlike in `npm test`, one whose program is not here is
 * `not run` and makes the run red: who asks for the oracles wants all of them. The last line counts them.
 */
const failed: string[] = [];
const notRun: string[] = [];
for (const oracle of oracles) {
  const result = await runCheck(oracle);
  if ('notRun' in result) notRun.push(result.notRun);
  else if (result.tally.failed > 0) failed.push(oracle.name);
}
if (notRun.length > 0) console.log(`\nNot run: ${notRun.join(', ')}.`);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length + notRun.length > 0 ? 1 : 0;
const passed = oracles.length - failed.length - notRun.length;
console.log(`\n${passed} passed, ${failed.length} failed, ${notRun.length} not run`);
