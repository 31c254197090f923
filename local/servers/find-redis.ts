import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import type { Print } from '../start-fault.ts';
import { unpackDebianPackages, unpackedEnvironment } from './debian-packages.ts';
import { cacheFolder, findOnPath } from './find-program.ts';
import { makeOnce } from './make-once.ts';

/** A `redis-server` and the environment that it needs. `origin` is for people. */
export type RedisBinary = { path: string; env: Record<string, string>; origin: string };

/** redis-server, what its program file really is (redis-tools), and the libraries that a small Debian lacks. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
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
    await makeOnce(folder, (draft) => {
      print('fetching it from the Debian packages (1.4 MB, without installing)');
      return unpackDebianPackages(packages, draft);
    });
  } catch {
    // No apt-get, no network, or not these packages.
    return null;
  }
  const fresh = unpackedIn(folder);
  return fresh && runs(fresh) ? fresh : null;
}

function unpackedIn(folder: string): RedisBinary | null {
  const path = join(folder, 'usr', 'bin', 'redis-server');
  if (!existsSync(path)) return null;
  return { path, env: unpackedEnvironment(folder), origin: 'from the Debian packages' };
}

/** Whether a program starts here: with a wrong library or processor `--version` fails. */
function runs({ path, env }: RedisBinary): boolean {
  return !execaSync(path, ['--version'], { env, timeout: versionWithinMs, reject: false }).failed;
}
