import { spawn } from 'node:child_process';
import { root } from '../support/tree.ts';
import { readReport, reportFile, type Tally } from './jest-report.ts';
import { mayRunAgain, sumOf } from './run-again.ts';
import type { Check } from './table.ts';

/** A check that ran, or the reason why its tool is not here. `again`: the files that passed only when they ran again. */
export type Result = { tally: Tally; seconds: number; again: string[] } | { notRun: string };

const limitMs = { program: 5 * 60_000, tool: 5 * 60_000, jest: 45 * 60_000 };
const killAfterMs = 20_000;
const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

/** Runs one check and prints its name, its time and, when it fails, what to do. */
export async function runCheck(check: Check, print = toTerminal): Promise<Result> {
  print(`\n── ${check.name}: ${check.question}`);
  const missing = check.kind === 'program' ? null : ((await check.whyMissing?.()) ?? null);
  if (check.kind !== 'program' && missing !== null) {
    const notRun = `${check.tool ?? check.name} (${missing})`;
    print(`   not run: ${notRun}`);
    return { notRun };
  }
  const started = performance.now();
  const { tally, again, output } = check.kind === 'jest' ? await runJest(check) : await runProgram(check);
  const seconds = (performance.now() - started) / 1000;
  const time = `${seconds.toFixed(1)} s`;
  if (tally.failed > 0) print(`   ${output}\n   ${check.name} FAILED after ${time}. ${check.onFailure}`);
  else print(`   ok, ${time}${check.kind === 'jest' ? `, ${tally.passed} tests` : ''}`);
  if (again.length > 0) print(`   Passed only when they ran again: ${again.join(', ')}. Find out why.`);
  return { tally, seconds, again };
}

type Outcome = { tally: Tally; again: string[]; output: string };

async function runProgram(check: Exclude<Check, { kind: 'jest' }>): Promise<Outcome> {
  const { ok, output } = await runCommand(check, check.command);
  return { tally: { passed: 0, failed: ok ? 0 : 1, skipped: 0 }, again: [], output };
}

/** Runs a project of jest, and a few red files once more where that is allowed. */
async function runJest(check: Extract<Check, { kind: 'jest' }>): Promise<Outcome> {
  const { ok, output } = await runCommand(check, jestCommand(check));
  const first = readReport(check.name, ok);
  if (!mayRunAgain(first)) return { tally: first.tally, again: [], output };
  const red = first.red.map(({ path }) => path);
  const second = await runCommand(check, [...jestCommand(check), '--runInBand', '--runTestsByPath', ...red]);
  const result = readReport(check.name, second.ok);
  const again = result.tally.failed === 0 ? red : [];
  return { tally: sumOf(first, result.tally), again, output: output + second.output };
}

/** Runs a command within the check's limit. jest writes to the terminal itself, the output of others is kept. */
function runCommand(
  check: Check,
  [program = '', ...args]: readonly string[],
): Promise<{ ok: boolean; output: string }> {
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

function jestCommand({ name, project }: Extract<Check, { kind: 'jest' }>): string[] {
  const report = ['--json', '--outputFile', reportFile(name), '--reporters', 'default'];
  return [process.execPath, 'node_modules/jest/bin/jest.js', '--selectProjects', project, ...report];
}

const toTerminal = (line: string): void => void process.stdout.write(`${line}\n`);
