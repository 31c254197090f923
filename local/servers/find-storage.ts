import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Print, StartFault } from '../start-fault.ts';
import { buildWithGo } from './build-with-go.ts';
import { cacheFolder, findOnPath } from './find-program.ts';
import { makeOnce } from './make-once.ts';

/** A program that is an S3 with Object Lock on the files of this machine: versitygw. `origin` is for people. */
export type StorageBinary = { path: string; origin: string };

const recipe = join(import.meta.dirname, 'storage-build');
const ways = 'For an S3 on this machine install `versitygw`, or Go 1.26 or newer to have it built, or set STORAGE_URL.';

/**
 * A `versitygw` on PATH, else the one in the cache folder, which is built by Go. Null, after a line with the reason, when it cannot
 * be had: objects are kept in a folder then.
 */
export async function findStorage(print: Print, cache = cacheFolder()): Promise<StorageBinary | null> {
  const installed = findOnPath('versitygw');
  if (installed) return { path: installed, origin: 'on PATH' };
  const version = pinnedVersion();
  const path = join(cache, `versitygw-${version}-${process.platform}-${process.arch}`, 'versitygw');
  const program = { recipe, package: 'github.com/versity/versitygw/cmd/versitygw', version, ways };
  try {
    const make = (draft: string) => buildWithGo(program, draft, print);
    if (!existsSync(path)) await makeOnce(path, make, () => print('another start is building it; waiting for that'));
  } catch (error) {
    if (!(error instanceof StartFault)) throw error;
    print(error.message);
    return null;
  }
  return { path, origin: `versitygw ${version}` };
}

/** The version that local/servers/storage-build/go.mod pins. */
function pinnedVersion(): string {
  const version = /versity\/versitygw v(\S+)/.exec(readFileSync(join(recipe, 'go.mod'), 'utf8'))?.[1];
  if (!version) throw new Error('local/servers/storage-build/go.mod names no version of github.com/versity/versitygw');
  return version;
}
