import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { type Print, StartFault } from '../start-fault.ts';
import { cacheFolder, findOnPath } from './find-program.ts';
import { makeOnce } from './make-once.ts';

/** A `redis-server` and the environment that it needs. `origin` is for people. */
export type RedisBinary = { path: string; env: Record<string, string>; origin: string };

/** redis-server, what its program file really is (redis-tools), and the libraries that a small Debian lacks. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const downloadWithinMs = 60_000;
const versionWithinMs = 5_000;

/**
 * A `redis-server` on PATH, else one unpacked from Debian's packages into the cache folder, without installing
 * anything. Null when neither can be had: everything works without a cache, only reads are slower.
 */
export async function findRedis(print: Print, cache = cacheFolder()): Promise<RedisBinary | null> {
  const installed = findOnPath('redis-server');
  if (installed) return { path: installed, env: {}, origin: 'on PATH' };
  const folder = join(cache, `redis-debian-${process.arch}`);
  const kept = unpackedIn(folder);
  if (kept && runs(kept)) return kept;
  rmSync(folder, { recursive: true, force: true });
  try {
    await makeOnce(folder, (draft) => unpackPackages(draft, print));
  } catch {
    // No apt-get, no network, or not these packages.
    return null;
  }
  const fresh = unpackedIn(folder);
  return fresh && runs(fresh) ? fresh : null;
}

async function unpackPackages(folder: string, print: Print): Promise<void> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg-deb')) throw new StartFault('There is no apt-get here.');
  print('fetching it from the Debian packages (1.4 MB, without installing)');
  const downloads = join(folder, 'downloads');
  mkdirSync(join(downloads, 'lists', 'partial'), { recursive: true });
  await download(downloads, []).catch(async () => {
    // The machine has no package lists: fetch them into our folder, which needs no root and does not change the system.
    const own = ['-o', `Dir::State::Lists=${join(downloads, 'lists')}`, '-o', `Dir::Cache=${join(downloads, 'apt')}`];
    mkdirSync(join(downloads, 'apt', 'archives', 'partial'), { recursive: true });
    await execa('apt-get', [...own, 'update'], { timeout: downloadWithinMs });
    await download(downloads, own);
  });
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb')))
    await execa('dpkg-deb', ['-x', join(downloads, file), folder]);
  rmSync(downloads, { recursive: true });
}

async function download(folder: string, options: readonly string[]): Promise<void> {
  // As root apt would hand the download to its own user, who cannot enter our folder, and warn about that.
  const asIs = ['-o', 'APT::Sandbox::User='];
  await execa('apt-get', [...options, ...asIs, '-q', 'download', ...packages], {
    cwd: folder,
    timeout: downloadWithinMs,
  });
}

function unpackedIn(folder: string): RedisBinary | null {
  const path = join(folder, 'usr', 'bin', 'redis-server');
  if (!existsSync(path)) return null;
  const libraries = join(folder, 'usr', 'lib');
  const triplets = readdirSync(libraries).map((name) => join(libraries, name));
  return { path, env: { LD_LIBRARY_PATH: triplets.join(':') }, origin: 'from the Debian packages' };
}

/** Whether a program starts here: with a wrong library or processor `--version` fails. */
function runs({ path, env }: RedisBinary): boolean {
  return !execaSync(path, ['--version'], { env, timeout: versionWithinMs, reject: false }).failed;
}
