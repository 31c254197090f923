import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { foreign } from '../../config/environment.ts';
import { StartFault } from '../start-fault.ts';
import { findOnPath } from './find-program.ts';

const downloadWithinMs = 60_000;

/**
 * Downloads packages of this system's Debian and unpacks them into a folder, without installing anything and without root.
 * Throws where there is no apt-get, no network, or no such package.
 */
export async function unpackDebianPackages(packages: readonly string[], folder: string): Promise<void> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg-deb')) throw new StartFault('There is no apt-get here.');
  const downloads = join(folder, 'downloads');
  mkdirSync(join(downloads, 'lists', 'partial'), { recursive: true });
  await download(packages, downloads, []).catch(async () => {
    // The machine has no package lists: fetch them into our folder, which needs no root and does not change the system.
    const own = ['-o', `Dir::State::Lists=${join(downloads, 'lists')}`, '-o', `Dir::Cache=${join(downloads, 'apt')}`];
    mkdirSync(join(downloads, 'apt', 'archives', 'partial'), { recursive: true });
    await execa('apt-get', [...own, 'update'], { env: foreign, timeout: downloadWithinMs });
    await download(packages, downloads, own);
  });
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb')))
    await execa('dpkg-deb', ['-x', join(downloads, file), folder]);
  rmSync(downloads, { recursive: true });
}

async function download(packages: readonly string[], folder: string, options: readonly string[]): Promise<void> {
  // As root apt would hand the download to its own user, who cannot enter our folder, and warn about that.
  const asIs = ['-o', 'APT::Sandbox::User='];
  await execa('apt-get', [...options, ...asIs, '-q', 'download', ...packages], {
    cwd: folder,
    env: foreign,
    timeout: downloadWithinMs,
  });
}

/** The environment in which a program of an unpacked package finds the libraries that were unpacked beside it. */
export function unpackedEnvironment(folder: string): Record<string, string> {
  const libraries = join(folder, 'usr', 'lib');
  const triplets = readdirSync(libraries).map((name) => join(libraries, name));
  return { LD_LIBRARY_PATH: triplets.join(':') };
}
