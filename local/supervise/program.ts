import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildrenRecord } from '../children-record.ts';
import { end, identityOf, type ProcessIdentity } from '../process-identity.ts';
import { type Say, StartFault } from '../start-fault.ts';
import { type ChildOutput, type Loudness, openChildOutput } from './output.ts';

/** One program to keep running. Durations in milliseconds. */
export type ChildPlan = {
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment: nothing of the launcher's own is added. */
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Another user to run as; only root may ask for it. */
  runAs?: { uid: number; gid: number } | undefined;
  /** Runs before every start of the program, the repeated ones included. */
  before?: () => Promise<void>;
  stopSignal: 'SIGTERM' | 'SIGINT';
  stopWithinMs: number;
  /** Whether it answers now. A throw counts as no. */
  answers: () => Promise<boolean>;
  readyWithinMs: number;
  loudness: Loudness;
  /** Whether the files that it makes are closed to other users. For a program that does not see to that by itself. */
  writesPrivately?: boolean;
  /** What to do about its death at the start, when its last words tell; null when they do not. */
  advice?: (lastWords: string) => string | null;
};

/** A running plan. `stop` ends it for good; until then it is started again whenever it dies. */
export type Child = {
  name: string;
  pid: () => number | null;
  whenReady: () => Promise<void>;
  stop: () => Promise<void>;
};

/** What a child needs around it. `keepAlive: false` for tests that want to see it die. */
export type Surroundings = { record: ChildrenRecord; logFolder: string; say: Say; keepAlive?: boolean };

const backoffFirstMs = 1_000;
const backoffMaxMs = 30_000;
const healthyAfterMs = 60_000;
const deathsBeforeReadyMax = 3;
const readyPollMs = 60;

/** How long to wait before start number `failures + 1`: 1 s, doubled each time, at most 30 s. */
export function backoffMs(failures: number): number {
  return Math.min(backoffMaxMs, backoffFirstMs * 2 ** Math.max(0, failures - 1));
}

/** Starts a program and keeps it running. Its fate while starting is told by `whenReady`. */
export function startChild(plan: ChildPlan, surroundings: Surroundings): Child {
  const { name, loudness } = plan;
  const output = openChildOutput({ name, folder: surroundings.logFolder, loudness, say: surroundings.say });
  const life: Life = {
    plan,
    surroundings,
    output,
    running: null,
    failures: 0,
    deaths: 0,
    ready: false,
    stopping: false,
  };
  void begin(life);
  return {
    name,
    pid: () => life.running?.identity?.pid ?? null,
    whenReady: () => whenReady(life),
    stop: () => stop(life),
  };
}

type Life = {
  plan: ChildPlan;
  surroundings: Surroundings;
  output: ChildOutput;
  /** The process of now; its identity is null when it died before it could be read. */
  running: { identity: ProcessIdentity | null } | null;
  /** Deaths in a row without a minute of health between them. */
  failures: number;
  deaths: number;
  ready: boolean;
  stopping: boolean;
  timer?: NodeJS.Timeout;
};

async function begin(life: Life): Promise<void> {
  try {
    await life.plan.before?.();
    if (!life.stopping) run(life);
  } catch (error) {
    died(life, 0, error instanceof Error ? error.message : String(error));
  }
}

function run(life: Life): void {
  const { plan, surroundings } = life;
  const startedAt = performance.now();
  const child = plan.writesPrivately ? spawnPrivately(plan) : spawnFor(plan);
  const identity = child.pid === undefined ? null : identityOf(child.pid);
  life.running = { identity };
  if (identity) surroundings.record.add({ ...identity, name: plan.name, stopSignal: plan.stopSignal });
  child.stdout.on('data', life.output.write);
  child.stderr.on('data', life.output.write);
  const finish = (how: string) => {
    if (life.running?.identity !== identity) return; // Told twice: by `error` and by `exit`.
    life.running = null;
    if (identity) surroundings.record.remove(identity.pid);
    died(life, performance.now() - startedAt, how);
  };
  child.once('error', (error) => finish(error.message));
  child.once('exit', (code, signal) => finish(signal ? `ended by ${signal}` : `ended with code ${code}`));
}

/** The mask is the whole process's, and a child's from its first moment; nothing of ours runs while it is another one. */
function spawnPrivately(plan: ChildPlan) {
  const before = process.umask(0o077);
  try {
    return spawnFor(plan);
  } finally {
    process.umask(before);
  }
}

function spawnFor(plan: ChildPlan) {
  return spawn(plan.command, [...plan.args], {
    cwd: plan.cwd,
    env: { ...plan.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C in the terminal reaches only the launcher, which then stops all in order.
    detached: true,
    ...plan.runAs,
  });
}

function died(life: Life, upMs: number, how: string): void {
  if (life.stopping) return;
  life.deaths += 1;
  life.failures = upMs >= healthyAfterMs ? 1 : life.failures + 1;
  if (life.surroundings.keepAlive === false || (!life.ready && life.deaths >= deathsBeforeReadyMax)) return;
  const waitMs = backoffMs(life.failures);
  life.surroundings.say(`${how}; starting it again in ${waitMs / 1000} s`);
  life.timer = setTimeout(() => void begin(life), waitMs);
}

async function whenReady(life: Life): Promise<void> {
  const { plan, output } = life;
  const until = performance.now() + plan.readyWithinMs;
  const deathsMax = life.surroundings.keepAlive === false ? 1 : deathsBeforeReadyMax;
  while (!(life.running && (await answersNow(plan)))) {
    if (life.stopping) throw new StartFault('Stopped while starting.');
    if (life.deaths >= deathsMax)
      throw neverReady(plan, `ended ${times(life.deaths)} while starting`, output.lastWords());
    if (performance.now() > until) {
      throw neverReady(plan, `did not answer within ${plan.readyWithinMs / 1000} s`, output.lastWords());
    }
    await sleep(readyPollMs);
  }
  life.ready = true;
}

async function stop(life: Life): Promise<void> {
  const { plan, surroundings } = life;
  life.stopping = true;
  clearTimeout(life.timer);
  const identity = life.running?.identity;
  if (identity) {
    const killed = await end(identity, plan.stopSignal, plan.stopWithinMs);
    if (killed) surroundings.say(`did not stop within ${plan.stopWithinMs / 1000} s and was killed`);
    surroundings.record.remove(identity.pid);
  }
  life.output.close();
}

async function answersNow(plan: ChildPlan): Promise<boolean> {
  try {
    return await plan.answers();
  } catch {
    return false; // Not up yet; the caller's bound decides when that is a fault.
  }
}

function neverReady(plan: ChildPlan, how: string, lastWords: string[]): StartFault {
  const words = lastWords.length > 0 ? ` Its last words:\n  ${lastWords.join('\n  ')}` : ' It said nothing.';
  const advice = plan.advice?.(lastWords.join('\n'));
  return new StartFault(`${plan.name} ${how}.${words}${advice ? `\n${advice}` : ''}`);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
