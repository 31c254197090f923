import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Asset, toAsset } from '../http/asset.ts';

let kept: Promise<Asset | null> | undefined;

/** Reads Scalar's bundle (4 MB) from its package, once for the process. Null when the package is not installed. */
export async function readBundle(): Promise<Asset | null> {
  kept ??= read();
  const bundle = await kept;
  // It may be that only no file could be opened just now.
  if (bundle === null) kept = undefined;
  return bundle;
}

async function read(): Promise<Asset | null> {
  try {
    const path = fileURLToPath(new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference')));
    // It has letters outside ASCII and fails to parse without its charset.
    return await toAsset('text/javascript; charset=utf-8', await readFile(path));
  } catch {
    // Not installed: that is what was asked.
    return null;
  }
}
