import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Say, StartFault } from '../start-fault.ts';
import { takeLock } from '../supervise/lock.ts';
import { findOnPath } from './find-program.ts';

const recipe = fileURLToPath(new URL('temporal-build', import.meta.url));
const program = 'github.com/temporalio/cli/cmd/temporal';
const progressEveryMs = 10_000;
const buildWithinMs = 30 * 60_000;
const waitPollMs = 500;

const ways =
  'Temporal is needed and could not be had: set TEMPORAL_ADDRESS to one that runs, or install the `temporal` CLI ' +
  '(https://docs.temporal.io/cli), or install Go 1.26 or newer and start again to have it built.';

/** The version that local/servers/temporal-build/go.mod pins. */
function temporalVersion(): string {
  const version = /temporalio\/cli v(\S+)/.exec(readFileSync(join(recipe, 'go.mod'), 'utf8'))?.[1];
  if (!version) throw new Error('local/servers/temporal-build/go.mod names no version of github.com/temporalio/cli');
  return version;
}

/** Where the built program is kept, by version, so that it is built once per machine and user. */
export function builtTemporal(cacheFolder: string): string {
  return join(cacheFolder, `temporal-${temporalVersion()}-${process.platform}-${process.arch}`, 'temporal');
}

/**
 * Builds the CLI by Go from the module proxy, the versions pinned and their sums checked (-mod=readonly), and answers
 * its path. Minutes the first time. A second build of the same waits for the first instead of racing it.
 */
export async function buildTemporal(cacheFolder: string, say: Say): Promise<string> {
  const go = findOnPath('go');
  if (!go || !isNewEnough(go)) throw new StartFault(ways);
  const target = builtTemporal(cacheFolder);
  mkdirSync(join(target, '..'), { recursive: true });
  const lock = await waitForTurn(`${target}.lock`, target, say);
  if (!lock) return target;
  const draft = `${target}.draft`;
  try {
    say(`building ${temporalVersion()} with Go (once per machine, some minutes)`);
    await runBuild(go, draft, say);
    renameSync(draft, target);
    return target;
  } finally {
    rmSync(draft, { force: true });
    lock();
  }
}

/** Our turn to build, or null when another build finished meanwhile. */
async function waitForTurn(lockPath: string, target: string, say: Say): Promise<(() => void) | null> {
  const until = performance.now() + buildWithinMs;
  for (let said = false; performance.now() < until; await sleep(waitPollMs)) {
    const lock = takeLock(lockPath);
    if (lock.taken && !existsSync(target)) return lock.release;
    if (lock.taken) {
      lock.release();
      return null;
    }
    if (!said) say(`another start (pid ${lock.holder.pid}) is building it; waiting for that`);
    said = true;
  }
  throw new StartFault(
    `Another build of Temporal has not finished in ${buildWithinMs / 60_000} minutes: end it and start again.`,
  );
}

function runBuild(go: string, draft: string, say: Say): Promise<void> {
  const version = `-X github.com/temporalio/cli/internal/temporalcli.Version=${temporalVersion()}`;
  const args = ['build', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', draft, program];
  const env = { ...process.env, GOFLAGS: '-mod=readonly', CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'auto' };
  return new Promise((done, fail) => {
    const child = spawn(go, args, { cwd: recipe, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: buildWithinMs });
    const endWithUs = () => void child.kill();
    process.once('exit', endWithUs); // Ctrl-C while it builds: nobody would use what it makes.
    const started = performance.now();
    const progress = setInterval(() => say(`still building, ${seconds(started)} s`), progressEveryMs);
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2_000);
    });
    child.once('error', fail);
    child.once('close', (code) => {
      clearInterval(progress);
      process.off('exit', endWithUs);
      if (code === 0) done();
      else fail(new StartFault(`${ways} The build by Go ended with: ${lastLine(words)}`));
    });
  });
}

/** 1.21 is the first Go that fetches the newer one that our go.mod asks for. */
function isNewEnough(go: string): boolean {
  const version = /go1\.(\d+)/.exec(spawnSync(go, ['version'], { encoding: 'utf8' }).stdout ?? '');
  return Number(version?.[1] ?? 0) >= 21;
}

function lastLine(words: string): string {
  return words.trim().split('\n').at(-1) ?? 'nothing';
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
