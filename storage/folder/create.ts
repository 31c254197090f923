import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { NewObject } from '../port.ts';
import { makeFolder, syncFolder, writeNew } from './durable.ts';
import { systemCode } from './faults.ts';
import { draftsFolder, factsName, folderOf, keptName } from './paths.ts';

/** A draft that old was left by a writer that was killed. */
const draftMaxMs = 3_600_000;

/**
 * Writes an object as a draft, then gives it its name by one rename, which fails when a folder with something in it has that name:
 * so it is there whole or not at all, and of two writers at once one is the first. Returns the version, or null when another was first.
 */
export async function createObject(root: string, object: NewObject): Promise<string | null> {
  const versionId = randomUUID();
  const target = folderOf(root, object);
  const draft = join(draftsFolder(root), versionId);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const { sha256, type, bytes } = object;
    await writeNew(join(draft, versionId), bytes, 0o400);
    await writeNew(join(draft, factsName(versionId)), JSON.stringify({ sha256, bytes: bytes.length, type }), 0o400);
    await writeNew(join(draft, keptName(versionId, object.retention)), '', 0o400);
    await syncFolder(draft);
    await makeFolder(root, dirname(target));
    await rename(draft, target);
    await syncFolder(dirname(target));
    return versionId;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemCode(error))) return null;
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Removes what writers left that were killed. */
export async function removeOldDrafts(root: string): Promise<void> {
  const drafts = draftsFolder(root);
  await mkdir(drafts, { recursive: true, mode: 0o700 });
  for (const name of await readdir(drafts)) {
    const { mtimeMs } = await stat(join(drafts, name));
    if (Date.now() - mtimeMs > draftMaxMs) await rm(join(drafts, name), { recursive: true, force: true });
  }
}
