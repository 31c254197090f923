import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exists, productFolders, root, toolFolders } from './support/tree.ts';

/**
 * Every check, in turn, fastest first: `npm test`. Those that need no server: `npm run check`, which is this file with
 * `--quick`. Some of them: `npm run check -- types lint`. A failed check does not stop the next, so one run tells all. The
 * last line is `N passed, N failed, N skipped`: the tests that jest really ran, and each other check that failed as one
 * failed. With CI=true a skipped test fails the run.
 */
type Check = { name: string; asks: string; command: string[]; whenItFails: string; limitMs: number };
type Tally = { passed: number; failed: number; skipped: number };

const staticLimitMs = 5 * 60_000;
const jestLimitMs = 20 * 60_000;
const folders = [...productFolders, ...toolFolders].filter(exists);
const bin = (name: string) => join(root, 'node_modules/.bin', name);

const checks: Check[] = [
  {
    name: 'types',
    asks: 'do the types hold?',
    command: [process.execPath, 'node_modules/ts7/bin/tsc', '-p', '.'],
    whenItFails: 'Mend the lines above; the flags and their reasons are in STYLE.md.',
    limitMs: staticLimitMs,
  },
  {
    name: 'lint',
    asks: 'is a promise forgotten, a case left out, an unsafe value used?',
    command: [bin('oxlint'), '--type-aware', '--deny-warnings'],
    whenItFails: 'Mend the lines above. A disable comment needs its reason beside it.',
    limitMs: staticLimitMs,
  },
  {
    name: 'imports',
    asks: 'do imports go one way, and does a program reach every file?',
    command: [bin('depcruise'), '--config', '.dependency-cruiser.ts', '--output-type', 'err-long', ...folders],
    whenItFails: 'The rule that fired says what to do instead.',
    limitMs: staticLimitMs,
  },
  {
    name: 'format',
    asks: 'is every file in the one format?',
    command: [bin('biome'), 'check', '--error-on-warnings', '.'],
    whenItFails: 'Run `npm run format`.',
    limitMs: staticLimitMs,
  },
  {
    name: 'docs',
    asks: 'are the generated documents those of this code?',
    command: [process.execPath, 'docs/generate.ts', '--check'],
    whenItFails: 'Run `npm run generate` and read the difference.',
    limitMs: staticLimitMs,
  },
  jestCheck('rules', 'does the house keep its own rules?', ['--selectProjects', 'rules']),
  jestCheck('unit', 'does the pure code do what its tests say?', ['--selectProjects', 'unit']),
  jestCheck('real', 'does it hold on a real Postgres, Temporal and Redis?', ['--selectProjects', 'real']),
];

const given = process.argv.slice(2);
const named = given.filter((name) => name !== '--quick');
const quick = checks.map(({ name }) => name).filter((name) => name !== 'real');
const asked = named.length === 0 && given.includes('--quick') ? quick : named;
const unknown = asked.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no check called ${unknown.join(', ')}. There are: ${checks.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const failedChecks: string[] = [];
for (const check of checks.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const tally = await run(check);
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  if (tally.failed > 0) failedChecks.push(check.name);
}

const skipIsFailure = process.env['CI'] === 'true' && total.skipped > 0;
if (failedChecks.length > 0) console.log(`\nFailed: ${failedChecks.join(', ')}.`);
if (skipIsFailure) console.log('\nFailed: a skipped test. In CI every test must run.');
process.exitCode = failedChecks.length > 0 || skipIsFailure ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

async function run(check: Check): Promise<Tally> {
  const isJest = check.command.includes('--selectProjects');
  console.log(`\n── ${check.name}: ${check.asks}`);
  const started = performance.now();
  const ended = await runProgram(check, isJest);
  const tally = isJest ? jestTally(check.name, ended.ok) : { passed: 0, failed: ended.ok ? 0 : 1, skipped: 0 };
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (tally.failed > 0)
    console.log(`   ${ended.output}\n   ${check.name} FAILED after ${seconds} s. ${check.whenItFails}`);
  else console.log(`   ok, ${seconds} s${isJest ? `, ${tally.passed} tests` : ''}`);
  return tally;
}

/** Runs the command; jest shows itself, the others are shown only when they fail. */
function runProgram({ command, limitMs, name }: Check, isJest: boolean): Promise<{ ok: boolean; output: string }> {
  const [program = '', ...rest] = command;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: root,
      stdio: ['ignore', isJest ? 'inherit' : 'pipe', isJest ? 'inherit' : 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    });
    let output = '';
    child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const timer = setTimeout(() => {
      output += `${name} did not end within ${limitMs / 60_000} minutes and was stopped.`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
    }, limitMs);
    child.on('error', (error) => (output += `${program} could not be started: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output });
    });
  });
}

/** What jest counted. A run that ended badly without a failed test (a server did not start, no report) is one failure. */
function jestTally(name: string, ok: boolean): Tally {
  const file = reportFile(name);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report: Record<string, number> = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  const failed = (report['numFailedTests'] ?? 0) + (report['numRuntimeErrorTestSuites'] ?? 0);
  return {
    passed: report['numPassedTests'] ?? 0,
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: (report['numPendingTests'] ?? 0) + (report['numTodoTests'] ?? 0),
  };
}

function jestCheck(name: string, asks: string, selection: string[]): Check {
  const report = ['--json', '--outputFile', reportFile(name), '--reporters', 'default'];
  return {
    name,
    asks,
    command: [process.execPath, 'node_modules/jest/bin/jest.js', ...selection, ...report],
    whenItFails: 'Run one file alone with `npm run jest -- <path>`.',
    limitMs: jestLimitMs,
  };
}

function reportFile(name: string): string {
  mkdirSync(join(root, '.test'), { recursive: true });
  return join(root, `.test/jest-${name}.json`);
}
