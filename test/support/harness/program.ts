import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** One of our programs as a child process: `node <folder>/main.ts`, started again whenever it ends, until `stop`. */
export type Program = {
  name: string;
  /** The process of now, or null between two. */
  pid(): number | null;
  /** Whether it answers now. */
  isReady(): Promise<boolean>;
  /** Waits until it answers. Throws with the end of its log when that takes too long. */
  whenReady(): Promise<void>;
  /**
   * SIGKILL to its pid, and waits until that process is gone. Returns the pid, or null when there was nobody to kill: a
   * program may end by itself at any moment, as the bank does when it is told to (account 773001100).
   */
  kill(): Promise<number | null>;
  /** How often it ended, by our hand or its own. */
  ends(): number;
  /** Asks it to stop, insists after a while, and starts it no more. */
  stop(): Promise<void>;
};

export type ProgramPlan = {
  /** Folder of its `main.ts`. */
  name: 'api' | 'worker' | 'simulator';
  env: Record<string, string>;
  /** Answers 200 when the program is ready. */
  health: string;
  logFolder: string;
};

const root = fileURLToPath(new URL('../../../', import.meta.url));
const readyWithinMs = 60_000;
const answerWithinMs = 1_000;
const pollMs = 50;
const againAfterMs = 100;
const stopWithinMs = 15_000;
const logTail = 4_000;

/** Starts a program. It inherits PATH and HOME and nothing else of our environment. */
export function startProgram({ name, env, health, logFolder }: ProgramPlan): Program {
  const logFile = join(logFolder, `${name}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  let child: ChildProcess | null = null;
  let isWanted = true;
  let ends = 0;

  const start = () => {
    if (!isWanted) return;
    const { PATH = '', HOME = '' } = process.env;
    const born = spawn(process.execPath, [join(root, name, 'main.ts')], {
      cwd: root,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    born.stdout?.pipe(log, { end: false });
    born.stderr?.pipe(log, { end: false });
    born.once('exit', (code, signal) => {
      log.write(`--- ${name} ${born.pid} ended: ${signal ?? code}\n`);
      ends += 1;
      child = null;
      if (isWanted) setTimeout(start, againAfterMs);
    });
    child = born;
  };
  start();

  const isReady = async () => child !== null && (await answers(health));
  const whenReady = async () => {
    const deadline = Date.now() + readyWithinMs;
    while (!(await isReady())) {
      if (Date.now() > deadline)
        throw new Error(`${name} does not answer at ${health}:\n${(await readFile(logFile, 'utf8')).slice(-logTail)}`);
      await sleep(pollMs);
    }
  };
  const kill = async () => {
    const victim = child;
    if (!victim?.pid) return null;
    const gone = ended(victim);
    victim.kill('SIGKILL');
    await gone;
    // It may have been on its way out already: then it ended with a code of its own, and our signal hit nobody.
    return victim.signalCode === 'SIGKILL' ? victim.pid : null;
  };
  const stop = async () => {
    isWanted = false;
    const last = child;
    if (last) {
      const gone = ended(last);
      last.kill('SIGTERM');
      const insist = setTimeout(() => last.kill('SIGKILL'), stopWithinMs);
      await gone;
      clearTimeout(insist);
    }
    log.end();
  };
  return { name, pid: () => child?.pid ?? null, isReady, whenReady, kill, ends: () => ends, stop };
}

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once('exit', () => resolve()));

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) })).ok;
  } catch {
    // Nobody listens yet, or it is too busy to say: that is a no.
    return false;
  }
}
