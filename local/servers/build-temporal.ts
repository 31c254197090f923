import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { foreign } from '../../config/environment.ts';
import { type Print, StartFault } from '../start-fault.ts';
import { findOnPath } from './find-program.ts';

/** The versions of what is built, and their sums. */
export const recipe = join(import.meta.dirname, 'temporal-build');
const program = 'github.com/temporalio/cli/cmd/temporal';
const progressEveryMs = 10_000;
const buildWithinMs = 30 * 60_000;
/** 1.21 is the first Go that fetches a newer one when go.mod requires it. */
const goMinorMin = 21;

const ways =
  'Temporal is needed and was not found: set TEMPORAL_ADDRESS to one that runs, or install the `temporal` CLI ' +
  '(https://docs.temporal.io/cli), or install Go 1.26 or newer and start again to have it built.';

/**
 * Builds the CLI by Go from the module proxy, the versions pinned and their sums checked (-mod=readonly). Takes minutes.
 * Throws one sentence when there is no Go, or it fails.
 */
export async function buildTemporal(options: { draft: string; version: string; print: Print }): Promise<void> {
  const { draft, version, print } = options;
  const go = findOnPath('go');
  if (!go || !isNewEnough(go)) throw new StartFault(ways);
  print(`building ${version} with Go (once per machine, some minutes)`);
  const flags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  const started = performance.now();
  const progress = setInterval(
    () => print(`still building, ${Math.round((performance.now() - started) / 1000)} s`),
    progressEveryMs,
  );
  const { failed, stderr } = await execa(go, ['build', '-trimpath', '-ldflags', flags, '-o', draft, program], {
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
