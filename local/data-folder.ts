import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartFault } from './start-fault.ts';

/** The entries that a copy makes in its data folder. Postgres's folder belongs to its own user, who restricts it. */
const ownNames = [
  'instance.lock',
  'secrets.json',
  'archive-key.pem',
  'payload-keys.txt',
  'sample.json',
  'ready.json',
  'redis.conf',
  'temporal.db',
  'temporal.db-wal',
  'temporal.db-shm',
  'simulator.jsonl',
];
const sharedNames = ['logs', 'postgres', 'storage', 'objects'];

/**
 * Makes the data folder, and makes its content unreadable for other users: it has bank details. As root its
 * entries cannot be listed but it can be passed, because Postgres runs as another user. Throws one sentence.
 */
export function makeDataFolderPrivate(folder: string): void {
  makeFolder(folder);
  refuseForeign(folder);
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
}

/** Throws one sentence for a folder with other things in it: we change rights in it, and a reset deletes it. */
export function refuseForeign(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== 'lost+found');
  // What an interrupted reset leaves is ours; a common name alone proves nothing.
  if (names.every((name) => [...ownNames, ...sharedNames].includes(name))) return;
  if (names.some((name) => ownNames.includes(name))) return;
  throw new StartFault(
    `${folder} contains other things than this copy's data: set LOCAL_DATA to a new or an empty folder.`,
  );
}

/** Folder by folder: Node's recursive call never returns on a file system that allows no new folders, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (statSync(folder).isDirectory()) return;
    throw new StartFault(`${folder} is a file, and a folder is needed: set LOCAL_DATA to another place.`);
  }
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    if (existsSync(folder)) return; // Another start was faster.
    const reason = `The folder ${folder} cannot be made (${String(cause)})`;
    throw new StartFault(`${reason}: set LOCAL_DATA to another place.`, { cause });
  }
}
