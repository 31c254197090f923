import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type Print, StartFault } from '../start-fault.ts';
import { type Loudness, type Output, openOutput } from './output.ts';

/** One program to keep running. Durations in milliseconds. */
export type ProgramPlan = {
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment: nothing is added. */
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Another user to run as; only for root. */
  runAs?: { uid: number; gid: number } | undefined;
  /** Runs before every start of the program, the repeated ones included. */
  before?: () => Promise<void>;
  stopSignal: 'SIGTERM' | 'SIGINT';
  stopWithinMs: number;
  /** Whether it answers now. A throw counts as no. */
  answers: () => Promise<boolean>;
  readyWithinMs: number;
  loudness: Loudness;
  /** What to do when it ends at the start, if its last lines show the cause; null otherwise. */
  advice?: (lastOutput: string) => string | null;
};

/** A supervised program: it is started again whenever it ends, until `stop`. */
export type Program = {
  name: string;
  /** The current process, or null between two. */
  pid: () => number | null;
  /** Whether it answers now. */
  isReady: () => Promise<boolean>;
  /** Waits until it answers. Throws a StartFault with its last lines when that takes too long or it keeps ending. */
  whenReady: () => Promise<void>;
  /** SIGKILL, and waits for its end. Returns the pid, or null when it was ending already or there was none. */
  kill: () => Promise<number | null>;
  /** How often it has ended, for whatever reason. */
  ends: () => number;
  stop: () => Promise<void>;
};

/** What a program needs around it. `restartAfterMs` is null where it is to stay down, for servers of a test run. */
export type Surroundings = { logFolder: string; print: Print; restartAfterMs?: ((failures: number) => number) | null };

const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;
const healthyAfterMs = 60_000;
const endsBeforeReadyMax = 3;
const readyPollMs = 60;

/**
 * What a program writes is private. On Linux the kernel kills it when we die; setpriv arranges that, and
 * where there is none (macOS) or an older one, the process that started the supervisor does it.
 */
const guarded =
  'umask 077; setpriv --pdeathsig KILL true 2> /dev/null && exec setpriv --pdeathsig KILL "$0" "$@"; exec "$0" "$@"';

/** How long to wait before start number `failures + 1`: 1 s, doubled each time, at most 30 s. */
export function backoffMs(failures: number): number {
  return Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.max(0, failures - 1));
}

/** Starts a program and keeps it running. `whenReady` tells how the start goes. */
export function startProgram(plan: ProgramPlan, surroundings: Surroundings): Program {
  const { logFolder, print, restartAfterMs = backoffMs } = surroundings;
  const output = openOutput({ name: plan.name, folder: logFolder, loudness: plan.loudness, print });
  const run: Run = {
    ...{ plan, print, restartAfterMs, output, process: null, ends: 0 },
    ...{ wasReady: false, hasGivenUp: false, stopping: new AbortController() },
  };
  const end = keepRunning(run);
  return {
    name: plan.name,
    pid: () => run.process?.pid ?? null,
    isReady: () => isReady(run),
    whenReady: () => whenReady(run),
    kill: () => kill(run),
    ends: () => run.ends,
    stop: async () => {
      run.stopping.abort();
      await end;
      output.close();
    },
  };
}

type Run = {
  plan: ProgramPlan;
  print: Print;
  restartAfterMs: ((failures: number) => number) | null;
  output: Output;
  process: ReturnType<typeof spawnGuarded> | null;
  ends: number;
  wasReady: boolean;
  hasGivenUp: boolean;
  stopping: AbortController;
};

async function keepRunning(run: Run): Promise<void> {
  const { signal } = run.stopping;
  // Ends in a row without a minute of health between them.
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const how = await runOnce(run);
    run.ends += 1;
    if (signal.aborted) return;
    failures = performance.now() - startedAt >= healthyAfterMs ? 1 : failures + 1;
    run.hasGivenUp = run.restartAfterMs === null || (!run.wasReady && run.ends >= endsBeforeReadyMax);
    if (run.restartAfterMs === null || run.hasGivenUp) return;
    const waitMs = run.restartAfterMs(failures);
    run.print(`${how}; starting it again in ${waitMs / 1000} s`);
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
}

/** Returns how it ended. */
async function runOnce(run: Run): Promise<string> {
  const { plan, print, stopping } = run;
  try {
    await plan.before?.();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (stopping.signal.aborted) return 'stopped';
  run.process = spawnGuarded(run);
  const { signal, exitCode, originalMessage, isForcefullyTerminated } = await run.process;
  run.process = null;
  if (isForcefullyTerminated) print(`did not stop within ${plan.stopWithinMs / 1000} s and was killed`);
  if (signal) return `ended by ${signal}`;
  return exitCode === undefined ? String(originalMessage) : `ended with code ${exitCode}`;
}

function spawnGuarded({ plan, output, stopping }: Run) {
  // execa calls it for each line of output; it passes nothing on.
  const take = function* (line: unknown): Generator<never> {
    output.write(String(line));
    yield* [];
  };
  return execa('/bin/sh', ['-c', guarded, plan.command, ...plan.args], {
    ...{ cwd: plan.cwd, env: plan.env, extendEnv: false, stdin: 'ignore', stdout: take, stderr: take },
    ...{ buffer: false, reject: false, cancelSignal: stopping.signal },
    ...{ killSignal: plan.stopSignal, forceKillAfterDelay: plan.stopWithinMs },
    ...plan.runAs,
  } as const);
}

async function isReady({ process, plan }: Run): Promise<boolean> {
  try {
    return process !== null && (await plan.answers());
  } catch {
    return false; // Not up yet; the caller's bound decides when that is an error.
  }
}

async function whenReady(run: Run): Promise<void> {
  const { plan, output } = run;
  const until = performance.now() + plan.readyWithinMs;
  while (!(await isReady(run))) {
    if (run.stopping.signal.aborted) throw new StartFault('Stopped while starting.');
    if (run.hasGivenUp) throw neverReady(plan, `ended ${times(run.ends)} while starting`, output.lastOutput());
    if (performance.now() > until)
      throw neverReady(plan, `did not answer within ${plan.readyWithinMs / 1000} s`, output.lastOutput());
    await sleep(readyPollMs);
  }
  run.wasReady = true;
}

async function kill({ process }: Run): Promise<number | null> {
  process?.kill('SIGKILL');
  const result = await process;
  return result?.signal === 'SIGKILL' ? (process?.pid ?? null) : null;
}

function neverReady(plan: ProgramPlan, how: string, lastOutput: string[]): StartFault {
  const words = lastOutput.length > 0 ? ` Its last lines:\n  ${lastOutput.join('\n  ')}` : ' It wrote nothing.';
  const advice = plan.advice?.(lastOutput.join('\n'));
  return new StartFault(`${plan.name} ${how}.${words}${advice ? `\n${advice}` : ''}`);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
