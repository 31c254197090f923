import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { root } from './support/tree.ts';

/**
 * `npm run test:busy`: the tests beside two busy loops per core. No test may depend on the speed of the machine, so all of them pass
 * here too: every test once, then those that wait for the most five times more. `-- <path>…` runs the tests of these
 * paths once. The last line says how many runs failed.
 */
const loopsPerCore = 2;
/** A loop leaves a test a third of a core, and its servers share that. */
const slowdown = 8;
const rounds = 5;

/** Those whose subject is a timeout, a wait or a race. */
const sensitive = [
  'activities/notices/deliver.test.ts',
  'activities/notices/recovery.test.ts',
  'activities/transfers/neighbours.test.ts',
  'api/transfers/intake.unit.test.ts',
  'api/transfers/platform-faults.test.ts',
  'cache/balances.test.ts',
  'cache/rate-limiter.test.ts',
  'ledger/locks/locked-account.test.ts',
  'ledger/transfers/conclude.test.ts',
  'workflows/transfers/group.test.ts',
];

const jest = (args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...args, '--reporters=default'], {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        TEST_SLOWDOWN: String(slowdown),
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      },
    });
    child.on('close', (code) => resolve(code === 0));
  });

// Threads, so that they end with this process however it ends.
const loops = Array.from(
  { length: loopsPerCore * availableParallelism() },
  () => new Worker('for (;;);', { eval: true }),
);

const paths = process.argv.slice(2);
const runs = paths.length > 0 ? [paths] : [[], ...Array.from({ length: rounds }, () => sensitive)];
let failed = 0;
for (const run of runs) if (!(await jest(run))) failed += 1;
console.log(`\n${runs.length} runs beside ${loops.length} busy loops, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
