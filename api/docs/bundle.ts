import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** The script of the docs page: 4 MB, and compressed a third of it. All answers share these bytes. */
export type Bundle = { plain: Buffer; zipped: Buffer; hash: string };

let kept: Promise<Bundle | null> | undefined;

/** Reads Scalar's bundle from its package, once for the process. Null when the package is not installed. */
export async function readBundle(): Promise<Bundle | null> {
  kept ??= read();
  const bundle = await kept;
  // It may be that only no file could be opened just now.
  if (bundle === null) kept = undefined;
  return bundle;
}

async function read(): Promise<Bundle | null> {
  try {
    const path = fileURLToPath(new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference')));
    const plain = await readFile(path);
    return {
      plain,
      zipped: await promisify(gzip)(plain),
      hash: createHash('sha256').update(plain).digest('base64url'),
    };
  } catch {
    // Not installed: that is what was asked.
    return null;
  }
}
