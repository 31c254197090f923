import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/tree.ts';
import type { Check } from './table.ts';

/** What one check counted: jest's tests, and any other check that failed as one failure. */
export type Tally = { passed: number; failed: number; skipped: number };

/** A check that ran, or the reason why its tool is not here. */
export type Result = { tally: Tally; seconds: number } | { notRun: string };

const limitMs = { program: 5 * 60_000, tool: 5 * 60_000, jest: 45 * 60_000 };
const killAfterMs = 20_000;
const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

/** Runs one check and prints its name, its time and, when it fails, what to do. */
export async function runCheck(check: Check, print = toTerminal): Promise<Result> {
  print(`\n── ${check.name}: ${check.question}`);
  const missing = check.kind === 'tool' ? await check.whyMissing() : null;
  if (check.kind === 'tool' && missing !== null) {
    const notRun = `${check.tool} (${missing})`;
    print(`   not run: ${notRun}`);
    return { notRun };
  }
  const started = performance.now();
  const { ok, output } = await runCommand(check);
  const tally = check.kind === 'jest' ? jestTally(check.name, ok) : { passed: 0, failed: ok ? 0 : 1, skipped: 0 };
  const seconds = (performance.now() - started) / 1000;
  const time = `${seconds.toFixed(1)} s`;
  if (tally.failed > 0) print(`   ${output}\n   ${check.name} FAILED after ${time}. ${check.onFailure}`);
  else print(`   ok, ${time}${check.kind === 'jest' ? `, ${tally.passed} tests` : ''}`);
  return { tally, seconds };
}

/** Runs the command within its limit. jest writes to the terminal itself, the output of others is kept. */
function runCommand(check: Check): Promise<{ ok: boolean; output: string }> {
  const [program = '', ...args] = check.kind === 'jest' ? jestCommand(check.name, check.project) : check.command;
  const stdio = check.kind === 'jest' ? 'inherit' : 'pipe';
  const limit = limitMs[check.kind];
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', stdio, stdio],
      env: { ...process.env, NODE_OPTIONS: nodeOptions },
    });
    let output = '';
    child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const timer = setTimeout(() => {
      output += `${check.name} did not end within ${limit / 60_000} minutes and was stopped.`;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), killAfterMs).unref();
    }, limit);
    child.on('error', (error) => (output += `${program} could not be started: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output });
    });
  });
}

function jestCommand(name: string, project: string): string[] {
  const report = ['--json', '--outputFile', reportFile(name), '--reporters', 'default'];
  return [process.execPath, 'node_modules/jest/bin/jest.js', '--selectProjects', project, ...report];
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

function reportFile(name: string): string {
  mkdirSync(join(root, '.test'), { recursive: true });
  return join(root, `.test/jest-${name}.json`);
}

const toTerminal = (line: string): void => void process.stdout.write(`${line}\n`);
