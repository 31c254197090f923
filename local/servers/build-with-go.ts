import { execa, execaSync } from 'execa';
import { foreign } from '../../config/environment.ts';
import { type Print, StartFault } from '../start-fault.ts';
import { findOnPath } from './find-program.ts';

const progressEveryMs = 10_000;
const buildWithinMs = 30 * 60_000;
/** 1.21 is the first Go that fetches a newer one when go.mod requires it. */
const goMinorMin = 21;

/** A program that is built by Go: the folder with its go.mod and go.sum, its package, and the version that they pin. */
export type GoProgram = {
  recipe: string;
  package: string;
  version: string;
  /** Of the linker, beside those that leave out what debuggers need. */
  flags?: string;
  /** What to do without it, in a sentence. */
  ways: string;
};

/**
 * Builds a program by Go from the module proxy, the versions pinned and their sums checked (-mod=readonly). Takes minutes.
 * Throws one sentence when there is no Go, or it fails.
 */
export async function buildWithGo(program: GoProgram, draft: string, print: Print): Promise<void> {
  const { recipe, version, ways, flags = '' } = program;
  const go = findOnPath('go');
  if (!go || !isNewEnough(go)) throw new StartFault(ways);
  print(`building ${version} with Go (once per machine, some minutes)`);
  const started = performance.now();
  const progress = setInterval(
    () => print(`still building, ${Math.round((performance.now() - started) / 1000)} s`),
    progressEveryMs,
  );
  const args = ['build', '-trimpath', '-ldflags', `-s -w ${flags}`.trim(), '-o', draft, program.package];
  const { failed, stderr } = await execa(go, args, {
    ...{ cwd: recipe, stdin: 'ignore', stdout: 'ignore', reject: false, timeout: buildWithinMs },
    env: { ...foreign, GOFLAGS: '-mod=readonly', CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'auto' },
  } as const);
  clearInterval(progress);
  if (failed)
    throw new StartFault(`${ways} The build by Go ended with: ${stderr.trim().split('\n').at(-1) ?? 'nothing'}`);
}

function isNewEnough(go: string): boolean {
  const { stdout } = execaSync(go, ['version'], { reject: false });
  return Number(/go1\.(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= goMinorMin;
}
