import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Say } from '../start-fault.ts';
import { findOnPath } from './find-program.ts';
import { removeAbandoned } from './make-once.ts';

/** A `redis-server` and the environment that it needs. `origin` is for people. */
export type RedisBinary = { path: string; env: Record<string, string>; origin: string };

/** redis-server, what its program file really is (redis-tools), and the libraries that a small Debian lacks. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const downloadWithinMs = 60_000;
const run = promisify(execFile);

/**
 * A `redis-server` on PATH, else one unpacked from Debian's packages into the cache folder, without installing
 * anything. Null when neither can be had: everything works without a cache, only reads are slower.
 */
export async function findRedis(cacheFolder: string, say: Say): Promise<RedisBinary | null> {
  const folder = join(cacheFolder, `redis-debian-${process.arch}`);
  removeAbandoned(folder);
  const installed = findOnPath('redis-server');
  if (installed) return { path: installed, env: {}, origin: 'on PATH' };
  const kept = unpackedIn(folder);
  if (kept && runs(kept)) return kept;
  rmSync(folder, { recursive: true, force: true });
  if (!findOnPath('apt-get') || !findOnPath('dpkg-deb')) return null;
  say('fetching it from the Debian packages (1.4 MB, without installing)');
  try {
    await unpackPackages(folder, cacheFolder);
  } catch {
    // No network, or not these packages, or another start has just put the same folder there: what is there tells.
  }
  const fresh = unpackedIn(folder);
  return fresh && runs(fresh) ? fresh : null;
}

/** Downloads into a draft folder that becomes the real one only when whole. Two at once do the same work, harmlessly. */
async function unpackPackages(folder: string, cacheFolder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(join(draft, 'lists', 'partial'), { recursive: true });
  try {
    await download(draft, []).catch(async () => {
      // The machine has no package lists: fetch our own, which needs no root and changes nothing of the system's.
      const own = ['-o', `Dir::State::Lists=${join(draft, 'lists')}`, '-o', `Dir::Cache=${join(draft, 'apt')}`];
      mkdirSync(join(draft, 'apt', 'archives', 'partial'), { recursive: true });
      await run('apt-get', [...own, 'update'], { timeout: downloadWithinMs });
      await download(draft, own);
    });
    for (const file of readdirSync(draft).filter((name) => name.endsWith('.deb'))) {
      spawnSync('dpkg-deb', ['-x', join(draft, file), join(draft, 'root')]);
    }
    mkdirSync(cacheFolder, { recursive: true });
    renameSync(join(draft, 'root'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function download(folder: string, options: readonly string[]): Promise<void> {
  // As root apt would hand the download to its own user, who cannot enter our folder, and warn about that.
  const asIs = ['-o', 'APT::Sandbox::User='];
  await run('apt-get', [...options, ...asIs, '-q', 'download', ...packages], {
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

/** Whether a program starts at all here: a wrong library or processor shows in its version. */
function runs(binary: RedisBinary): boolean {
  const { status } = spawnSync(binary.path, ['--version'], {
    env: { PATH: process.env['PATH'], ...binary.env },
    timeout: 5_000,
  });
  return status === 0;
}
