import { join } from 'node:path';
import type { ObjectKey, ObjectVersion, Retention } from '../port.ts';

/**
 * Where things are. A key is a folder that appears whole, by one rename: `<root>/<area>/<key>.object/`. In it, for its version:
 * `<id>`, the bytes; `<id>.json`, what never changes; `<id>.compliance.<second>`, an empty file for each date until which it is kept;
 * `<id>.hold`. Dates are only added, so nothing can shorten one.
 */
export const folderOf = (root: string, { area, key }: ObjectKey): string => join(root, area, `${key}.object`);
export const bytesFile = (root: string, at: ObjectVersion): string => join(folderOf(root, at), at.versionId);
export const factsName = (versionId: string): string => `${versionId}.json`;
export const holdName = (versionId: string): string => `${versionId}.hold`;
export const keptName = (versionId: string, { mode, until }: Retention): string =>
  `${versionId}.${mode}.${until.getTime() / 1000}`;

/** Where writers prepare what then gets its name. On the same disk, because a rename does not cross disks. */
export const draftsFolder = (root: string): string => join(root, '.drafts');

const factsForm = /^([0-9a-f-]{36})\.json$/;
const keptForm = /^([0-9a-f-]{36})\.(compliance|governance)\.(\d+)$/;
const objectForm = /^(.+)\.object\/([0-9a-f-]{36})\.json$/;

/** The versions that the files of a key's folder are of. */
export const versionsIn = (names: readonly string[]): string[] =>
  names.flatMap((name) => factsForm.exec(name)?.[1] ?? []).toSorted();

/** The key and the version of a path below an area; null for other files. */
export function objectAt(path: string): { key: string; versionId: string } | null {
  const [, key, versionId] = objectForm.exec(path) ?? [];
  return key && versionId ? { key, versionId } : null;
}

/** Until when the files say that a version is kept: compliance before governance, the latest date of it. */
export function retentionIn(names: readonly string[], versionId: string): Retention | null {
  const kept = names.flatMap((name) => {
    const [, of, mode, second] = keptForm.exec(name) ?? [];
    return of === versionId && (mode === 'compliance' || mode === 'governance')
      ? [{ mode, until: new Date(Number(second) * 1000) } satisfies Retention]
      : [];
  });
  const rank = ({ mode, until }: Retention) => [mode === 'compliance' ? 1 : 0, until.getTime()] as const;
  const weakestFirst = kept.toSorted((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  return weakestFirst.at(-1) ?? null;
}
