import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from './source.ts';

/** A folder with a file for each object, under its name: a copy of an archive, or a tenant's part of one. */
export function folderSource(path: string): Source {
  let names: Promise<string[]> | null = null;
  const sorted = async () => (await readdir(path)).toSorted();
  return {
    list: async function* (prefix) {
      names ??= sorted();
      for (const key of await names) if (key.startsWith(prefix)) yield { key, versionId: '', isMarker: false };
    },
    read: async ({ key }) => ({ bytes: await readFile(join(path, key)), retention: null }),
    keeping: null,
  };
}
