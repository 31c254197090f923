import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebianPackages, unpackedEnvironment } from '../../local/servers/debian-packages.ts';
import { cacheFolder, findOnPath } from '../../local/servers/find-program.ts';
import { makeOnce } from '../../local/servers/make-once.ts';

/** A program, and the environment that it needs. */
export type DebianProgram = { path: string; env: Record<string, string> };

/**
 * A program on PATH, else one that is unpacked from Debian's packages into the cache folder; null when neither can be had. The packages are the one that
 * has it, and the libraries that a small Debian lacks.
 */
export async function findDebianProgram(
  name: string,
  { packages, folder = 'bin' }: { packages: readonly string[]; folder?: 'bin' | 'sbin' },
): Promise<DebianProgram | null> {
  const installed = findOnPath(name);
  if (installed) return { path: installed, env: {} };
  const unpacked = join(cacheFolder(), `${packages[0]}-debian-${process.arch}`);
  const path = join(unpacked, 'usr', folder, name);
  try {
    await makeOnce(unpacked, (draft) => unpackDebianPackages(packages, draft));
  } catch {
    return null;
  }
  return existsSync(path) ? { path, env: unpackedEnvironment(unpacked) } : null;
}
