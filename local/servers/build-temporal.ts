import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { type Print, StartFault } from '../start-fault.ts';
import { cacheFolder, findOnPath } from './find-program.ts';
import { makeOnce } from './make-once.ts';

const recipe = join(import.meta.dirname, 'temporal-build');
const program = 'github.com/temporalio/cli/cmd/temporal';
const progressEveryMs = 10_000;
const buildWithinMs = 30 * 60_000;
/** 1.21 is the first Go that fetches a newer one when go.mod requires it. */
const goMinorMin = 21;

const ways =
  'Temporal is needed and was not found: set TEMPORAL_ADDRESS to one that runs, or install the `temporal` CLI ' +
  '(https://docs.temporal.io/cli), or install Go 1.26 or newer and start again to have it built.';

/** The version that local/servers/temporal-build/go.mod pins. */
function temporalVersion(): string {
  const version = /temporalio\/cli v(\S+)/.exec(readFileSync(join(recipe, 'go.mod'), 'utf8'))?.[1];
  if (!version) throw new Error('local/servers/temporal-build/go.mod names no version of github.com/temporalio/cli');
  return version;
}

/** The path of the built program, by version, so that it is built once per machine and user. */
export function builtTemporal(): string {
  const name = `temporal-${temporalVersion()}-${process.platform}-${process.arch}`;
  return join(cacheFolder(), name, 'temporal');
}

/**
 * Builds the CLI by Go from the module proxy, the versions pinned and their sums checked (-mod=readonly), and
 * returns its path. Takes minutes the first time. A second build waits for the first.
 */
export async function buildTemporal(print: Print): Promise<string> {
  const go = findOnPath('go');
  if (!go || !isNewEnough(go)) throw new StartFault(ways);
  const build = (draft: string) => {
    print(`building ${temporalVersion()} with Go (once per machine, some minutes)`);
    return runBuild(go, draft, print);
  };
  await makeOnce(builtTemporal(), build, () => print('another start is building it; waiting for that'));
  return builtTemporal();
}

async function runBuild(go: string, draft: string, print: Print): Promise<void> {
  const version = `-X github.com/temporalio/cli/internal/temporalcli.Version=${temporalVersion()}`;
  const args = ['build', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', draft, program];
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const progress = setInterval(() => print(`still building, ${seconds()} s`), progressEveryMs);
  const { failed, stderr } = await execa(go, args, {
    ...{ cwd: recipe, stdin: 'ignore', stdout: 'ignore', reject: false, timeout: buildWithinMs },
    env: { GOFLAGS: '-mod=readonly', CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'auto' },
  } as const);
  clearInterval(progress);
  if (failed)
    throw new StartFault(`${ways} The build by Go ended with: ${stderr.trim().split('\n').at(-1) ?? 'nothing'}`);
}

function isNewEnough(go: string): boolean {
  const { stdout } = execaSync(go, ['version'], { reject: false });
  return Number(/go1\.(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= goMinorMin;
}
