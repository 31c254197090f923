import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebianPackages } from '../../local/servers/debian-packages.ts';
import { cacheFolder, findOnPath } from '../../local/servers/find-program.ts';
import { makeOnce } from '../../local/servers/make-once.ts';

const unpacked = join(cacheFolder(), `prometheus-debian-${process.arch}`);

/** The promtool on PATH, else where {@link whyNoPromtool} puts one. */
export const promtool = findOnPath('promtool') ?? join(unpacked, 'usr/bin/promtool');

/** Unpacks it from Debian's packages into the cache folder where it is not here. Returns null, or the reason why it cannot be had. */
export async function whyNoPromtool(): Promise<string | null> {
  if (existsSync(promtool)) return null;
  try {
    await makeOnce(unpacked, (draft) => unpackDebianPackages(['prometheus'], draft));
    if (existsSync(promtool)) return null;
  } catch {
    // The sentence below says it.
  }
  return 'no promtool on PATH, and none could be fetched from the Debian packages; it is in the package prometheus';
}
