import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartFault } from './start-fault.ts';

/** What a copy writes into its data folder by itself. Postgres's folder is its own user's, and closed by it. */
const ownNames = [
  'instance.lock',
  'secrets.json',
  'owner.json',
  'sample.json',
  'ready.json',
  'redis.conf',
  'temporal.db',
  'temporal.db-wal',
  'temporal.db-shm',
  'simulator.jsonl',
];
const sharedNames = ['logs', 'postgres'];

/**
 * Makes the data folder, and closes what is in it to other users of the machine: bank details are in there. As root its
 * entries cannot be listed but it can be passed, because Postgres runs as another user. Throws one sentence.
 */
export function makeDataFolderPrivate(folder: string): void {
  makeFolder(folder);
  refuseForeign(folder);
  chmodSync(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
  // From a start of an earlier version; what is written from now on is closed from its first byte.
  for (const path of ownNames.map((name) => join(folder, name)))
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) chmodSync(path, 0o600);
}

/** Throws one sentence for a folder in which somebody keeps other things: we change rights in it, and a reset deletes it. */
export function refuseForeign(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== 'lost+found');
  // What an interrupted reset leaves is all of it ours; a name that others use as well proves nothing by itself.
  if (names.every((name) => [...ownNames, ...sharedNames].includes(name))) return;
  if (names.some((name) => ownNames.includes(name))) return;
  throw new StartFault(
    `${folder} holds other things than this copy's data: set LOCAL_DATA to a new or an empty folder.`,
  );
}

/** Folder by folder: Node's recursive call never comes back from a file system that takes no new folders, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (statSync(folder).isDirectory()) return;
    throw new StartFault(`${folder} is a file, and a folder is needed: set LOCAL_DATA to another place.`);
  }
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (cause) {
    if (existsSync(folder)) return; // Another start was quicker.
    const reason = `The folder ${folder} cannot be made (${String(cause)})`;
    throw new StartFault(`${reason}: set LOCAL_DATA to another place.`, { cause });
  }
}
