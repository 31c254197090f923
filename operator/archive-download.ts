import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedVersion, ObjectStore } from '../storage/port.ts';
import { sha256Of } from '../storage/sha256.ts';
import { withStore } from './archive-store.ts';

/** Objects that are read at one time: half of what a store takes. */
const objectsAtOnce = 8;
/** After so many objects there is a row that says how far it is. */
const perRow = 1_000;

/** What the archive writes: `<epoch>-<n>.` and what it is. Other objects of that bucket are not its own. */
const keyForm = /^\d{1,8}-(\d{8})\.(?:jsonl\.gz|slices|json|note)$/;
const numberOf = (key: string): number => Number(keyForm.exec(key)?.[1] ?? 0);

/**
 * Copies every object of the archive, from segment `from` on, into a folder: a file of its name each, as `verify --archive` reads them. A file that is
 * there is compared and never written again, so a download that was interrupted goes on. Prints what is wrong, and returns whether nothing is: an object
 * with another version, one that somebody deleted, a file of other bytes, a segment that is missing.
 */
export async function download(folder: string, from: number): Promise<boolean> {
  const tally = createTally();
  await withStore(async (store) => {
    mkdirSync(folder, { recursive: true });
    for await (const group of inGroups(objectsOf(store, { from, tally }), objectsAtOnce))
      for (const copied of await Promise.all(group.map((at) => copy(store, at, folder)))) tally.count(copied);
  });
  for (const n of tally.missingFrom(from)) tally.complain(`segment ${n} is missing: it has no checkpoint in the store`);
  process.stdout.write(`${tally.inWords()}, in ${folder}\n`);
  return tally.isSound();
}

type Copied = { key: string; isNew: boolean; fault: string | null };
type Tally = ReturnType<typeof createTally>;

/** Counts, and prints how far it is and what is wrong. */
function createTally() {
  const counts = { objects: 0, copied: 0, faults: 0 };
  const finished = new Set<number>();
  let last = 0;
  const inWords = (): string => `${counts.objects} objects, ${counts.copied} of them new`;
  const complain = (fault: string): void => {
    counts.faults += 1;
    process.stderr.write(`${fault}\n`);
  };
  return {
    ...{ inWords, complain },
    isSound: () => counts.faults === 0,
    count: ({ key, isNew, fault }: Copied): void => {
      counts.objects += 1;
      counts.copied += isNew ? 1 : 0;
      if (fault !== null) complain(`${key} ${fault}`);
      if (key.endsWith('.note')) finished.add(numberOf(key));
      last = Math.max(last, numberOf(key));
      if (counts.objects % perRow === 0) process.stdout.write(`${inWords()}\n`);
    },
    /** The segments before the last one that have no checkpoint: the last one may be just being made. */
    missingFrom: (from: number): number[] =>
      Array.from({ length: Math.max(last - from, 0) }, (_, index) => from + index).filter((n) => !finished.has(n)),
  };
}

/** Each object of the archive once, in the version that was put first. */
async function* objectsOf(
  store: ObjectStore,
  { from, tally }: { from: number; tally: Pick<Tally, 'complain'> },
): AsyncGenerator<ListedVersion> {
  for await (const versions of versionsByKey(store)) {
    const key = versions[0]?.key ?? '';
    if (!keyForm.test(key) || numberOf(key) < from) continue;
    const put = versions.filter(({ isMarker }) => !isMarker);
    if (put.length < versions.length) tally.complain(`${key} was deleted by somebody`);
    if (put.length > 1) tally.complain(`${key} has ${put.length} versions: the oldest is taken`);
    // Stores list the newest first.
    const oldest = put.at(-1);
    if (oldest) yield oldest;
  }
}

/** The versions of each key together: a page may end between two of them. */
async function* versionsByKey(store: ObjectStore): AsyncGenerator<ListedVersion[]> {
  let open: ListedVersion[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['versions']>> = await store.versions({
      ...{ area: 'audit', prefix: '' },
      ...(after !== null && { after }),
    });
    for (const version of page.versions) {
      if (open.length > 0 && open[0]?.key !== version.key) {
        yield open;
        open = [];
      }
      open.push(version);
    }
    after = page.next;
  } while (after !== null);
  if (open.length > 0) yield open;
}

async function* inGroups<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Copies a version into the folder unless it is there, or says what is wrong with it. A file of its name is whole. */
async function copy(store: ObjectStore, { area, key, versionId }: ListedVersion, folder: string): Promise<Copied> {
  const wrong = (fault: string): Copied => ({ key, isNew: false, fault });
  const head = await store.head({ area, key, versionId });
  if (!head.ok || head.value.sha256 === null) return wrong('is in the store without its checksum');
  const { sha256 } = head.value;
  const path = join(folder, key);
  if (existsSync(path)) {
    const isSame = sha256Of(readFileSync(path)) === sha256;
    return isSame ? { key, isNew: false, fault: null } : wrong('has other bytes in the store than in the folder');
  }
  const read = await store.read({ area, key, versionId, sha256 });
  if (!read.ok) return wrong('is no longer in the store');
  writeFileSync(`${path}.draft`, read.value, { flush: true });
  renameSync(`${path}.draft`, path);
  return { key, isNew: true, fault: null };
}
