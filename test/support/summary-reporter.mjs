/**
 * Prints the sum of a jest run as its very last line, for people and for machines: `12 passed, 0 failed, 1 skipped`.
 * It waits for the exit of the process, because jest's own summary and the stopping of servers still print after it.
 */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    process.once('exit', () => process.stderr.write(`\n${line}`));
  }
}
