import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { VersionsPage } from '../backend.ts';
import type { ListedVersion } from '../port.ts';
import { objectAt } from './paths.ts';

/** A page of the versions under a prefix, by key. It looks at all files below the prefix's folder: a laptop has few. */
export async function listVersions(
  root: string,
  { area, prefix, after, pageMax }: VersionsPage,
): Promise<{ versions: ListedVersion[]; next: string | null }> {
  const below = join(root, area, prefix.endsWith('/') ? prefix : dirname(prefix));
  const entries = await readdir(below, { recursive: true, withFileTypes: true });
  const all = entries
    .flatMap(({ parentPath, name }) => objectAt(relative(join(root, area), join(parentPath, name))) ?? [])
    .filter(({ key }) => key.startsWith(prefix) && (after === null || key > after))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = all.slice(0, pageMax);
  return {
    versions: page.map(({ key, versionId }) => ({ area, key, versionId, isMarker: false })),
    next: all.length > page.length ? (page.at(-1)?.key ?? null) : null,
  };
}
