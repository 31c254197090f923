import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Backend, Bytes } from '../backend.ts';
import { StorageFault } from '../fault.ts';
import type { ObjectVersion, Range, Retention } from '../port.ts';
import { createObject, removeOldDrafts } from './create.ts';
import { syncFolder, writeNew } from './durable.ts';
import { onFiles } from './faults.ts';
import { signLink } from './links.ts';
import { listVersions } from './listing.ts';
import { bytesFile, factsName, folderOf, holdName, keptName, retentionIn, versionsIn } from './paths.ts';

/** `linkBase`: the URL that serves this folder's links, without its last slash. */
export type FolderSettings = { root: string; linkBase: string };

const factsSchema = z.object({ sha256: z.string(), bytes: z.number(), type: z.string() });

/**
 * Objects in a folder, for one machine without an S3. What it promises it keeps against its own programs, and not against who may
 * write in that folder: an administrator deletes what he likes.
 */
export function createFolderBackend({ root, linkBase }: FolderSettings): Backend {
  const cleaned = onFiles(() => removeOldDrafts(root)).catch(() => {}); // The write that follows says what is wrong.
  return {
    find: (at) => onFiles(async () => versionsIn(await readdir(folderOf(root, at)))[0] ?? null, { ENOENT: null }),
    create: async (object) => {
      await cleaned;
      return onFiles(() => createObject(root, object));
    },
    head: (at) => onFiles(() => head(root, at), { ENOENT: null }),
    keep: (at, retention) => onFiles(() => keep(root, at, retention)),
    read: (at, { range, bytesMax }) => onFiles(() => readBytes(bytesFile(root, at), range, bytesMax), { ENOENT: null }),
    link: async (at, { filename, seconds }) =>
      `${linkBase}/${await onFiles(() => signLink(root, { at, filename }, seconds))}`,
    versions: (page) => onFiles(() => listVersions(root, page), { ENOENT: { versions: [], next: null } }),
    hold: (at, on) => onFiles(() => hold(root, at, on), { ENOENT: false }),
    close: () => {},
  };
}

async function head(root: string, at: ObjectVersion) {
  const names = await readdir(folderOf(root, at));
  const facts = factsSchema.parse(
    JSON.parse(await readFile(join(folderOf(root, at), factsName(at.versionId)), 'utf8')),
  );
  return {
    ...at,
    ...facts,
    retention: retentionIn(names, at.versionId),
    held: names.includes(holdName(at.versionId)),
  };
}

async function keep(root: string, at: ObjectVersion, retention: Retention): Promise<void> {
  const found = (await head(root, at)).retention;
  const isWeaker = found !== null && found.mode === 'compliance' && retention.mode === 'governance';
  if (isWeaker || (found !== null && found.until > retention.until))
    throw new StorageFault('lock_refused', `${at.area}: it is kept longer already`);
  await mark(root, at, keptName(at.versionId, retention));
}

async function hold(root: string, at: ObjectVersion, on: boolean): Promise<boolean> {
  await head(root, at);
  if (on) await mark(root, at, holdName(at.versionId));
  else await rm(join(folderOf(root, at), holdName(at.versionId)), { force: true });
  await syncFolder(folderOf(root, at));
  return true;
}

/** An empty file, which may be there already. */
async function mark(root: string, at: ObjectVersion, name: string): Promise<void> {
  await onFiles(() => writeNew(join(folderOf(root, at), name), '', 0o400), { EEXIST: null });
  await syncFolder(folderOf(root, at));
}

async function readBytes(path: string, range: Range | null, bytesMax: number): Promise<Bytes> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { from, bytes } = range ?? { from: 0, bytes: size };
    if (range && from >= size) return 'out_of_range';
    const wanted = Math.min(bytes, size - from);
    if (wanted > bytesMax) throw new StorageFault('unusable', `an object of more than ${bytesMax} bytes`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
