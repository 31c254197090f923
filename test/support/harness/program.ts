import { join } from 'node:path';
import { type Program, startProgram } from '../../../local/supervise/program.ts';
import { root } from '../tree.ts';
import { inTime } from './in-time.ts';

/** One of our programs for a test: `node <name>/main.ts`. `health` answers 200 when it is ready. */
export type TestProgram = {
  name: 'api' | 'worker' | 'worker/scaler' | 'codec-server' | 'simulator';
  /** What it is called beside another one of its kind; its name, unless said otherwise. */
  as?: string | undefined;
  env: Record<string, string>;
  health: string;
  logFolder: string;
  /** The root of the code, ours unless said otherwise. */
  tree?: string | undefined;
};

const answerWithinMs = inTime(1_000);
const restartAfterMs = 100;

/**
 * Starts it, and starts it again at once whenever it ends, by our hand or its own (as the simulator does when it is told
 * to: account 773001100). It inherits PATH and HOME and nothing else of our environment.
 */
export function startTestProgram({ name, as = name, env, health, logFolder, tree = root }: TestProgram): Program {
  const { PATH, HOME } = process.env;
  const plan = {
    // Its log is a file of this name.
    name: as.replaceAll('/', '-'),
    command: process.execPath,
    args: [join(tree, name, 'main.ts')],
    env: { PATH, HOME, ...env },
    cwd: tree,
    stopSignal: 'SIGTERM',
    stopWithinMs: inTime(15_000),
    answers: async () => (await fetch(health, { signal: AbortSignal.timeout(answerWithinMs) })).ok,
    readyWithinMs: inTime(60_000),
    loudness: 'nothing',
  } as const;
  return startProgram(plan, { logFolder, print: () => {}, restartAfterMs: () => restartAfterMs });
}
