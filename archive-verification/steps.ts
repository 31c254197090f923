import { sha256Of } from './canonical.ts';
import { type Epoch, placeKey, type SegmentPlace } from './epochs.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { type ObjectKind, parseName } from './object-names.ts';
import type { Listed, Source, StoredBytes } from './source.ts';

/** The segment before another one, as it is there: its manifest may be missing, or be none. */
export type Before = SegmentPlace & { sha256: string | null; manifest: Manifest | null };

/**
 * A segment with everything that is there of it. `before`: what it follows on its way, null for the first of all. `place`: which of its epoch it is, from 1
 * on. `faults`: other versions of its objects, and that somebody deleted one. `manifest` null: there is none, or it has not its form.
 * `isFork`: another epoch goes on behind it. `isAbandoned`: none does, and it is not on the way to the newest one.
 */
export type Step = SegmentPlace & {
  before: Before | null;
  place: number;
  objects: Partial<Record<ObjectKind, StoredBytes>>;
  faults: string[];
  manifest: Manifest | null;
  isFork: boolean;
  isAbandoned: boolean;
  isComparable: boolean;
};

type Group = { n: number; kinds: Map<ObjectKind, Listed>; faults: string[] };

/**
 * The segments of an archive, one after the other, each read whole: one at a time is in memory. The newest one of an epoch is left out while it has no
 * checkpoint: it is being made, or never was finished.
 */
export async function* stepsOf(source: Source, epochs: readonly Epoch[]): AsyncGenerator<Step> {
  const forks = new Map<string, Before | null>(epochs.map(({ parent }) => [keyOf(parent), null]));
  for (const { epoch, parent, until, isComparable } of epochs) {
    let before = forks.get(keyOf(parent)) ?? null;
    let place = 0;
    for await (const { group, isLast } of withLast(groupsOf(source, epoch))) {
      const { n, kinds, faults } = group;
      if (isLast && !(kinds.has('manifest') && kinds.has('checkpoint'))) continue;
      const objects = await readAll(source, kinds);
      const bytes = objects.manifest?.bytes;
      const manifest = bytes === undefined ? null : parseManifest(bytes);
      const isFork = forks.has(placeKey({ epoch, n }));
      place += 1;
      const isAbandoned = n > until;
      yield { ...{ epoch, n, before, place, objects, faults, manifest, isFork, isAbandoned, isComparable } };
      before = { epoch, n, manifest, sha256: bytes === undefined ? null : sha256Of(bytes) };
      if (isFork) forks.set(placeKey({ epoch, n }), before);
    }
  }
}

/** What is there of one segment after the other. Names of one segment follow each other. */
async function* groupsOf(source: Source, epoch: number): AsyncGenerator<Group> {
  let open: Group[] = [];
  for await (const listed of source.list(`${epoch}-`)) {
    const name = parseName(listed.key);
    if (name === null) continue;
    const group: Group = open.find(({ n }) => n === name.n) ?? { n: name.n, kinds: new Map(), faults: [] };
    if (!open.includes(group)) yield* open;
    open = [group];
    if (listed.isMarker) group.faults.push(`somebody deleted ${listed.key}`);
    else if (group.kinds.has(name.kind)) group.faults.push(`${listed.key} has a second version`);
    // Of several versions the last is the oldest, which is what was put.
    if (!listed.isMarker) group.kinds.set(name.kind, listed);
  }
  yield* open;
}

async function* withLast(groups: AsyncIterable<Group>): AsyncGenerator<{ group: Group; isLast: boolean }> {
  let held: Group | null = null;
  for await (const group of groups) {
    if (held) yield { group: held, isLast: false };
    held = group;
  }
  if (held) yield { group: held, isLast: true };
}

async function readAll(source: Source, kinds: ReadonlyMap<ObjectKind, Listed>): Promise<Step['objects']> {
  const read = await Promise.all([...kinds].map(async ([kind, at]) => [kind, await source.read(at)] as const));
  return Object.fromEntries(read.flatMap(([kind, stored]) => (stored ? [[kind, stored] as const] : [])));
}

/** How a segment is called in what people read. */
export const segmentName = ({ epoch, n }: SegmentPlace): string =>
  `segment ${n}${epoch === 1 ? '' : ` of epoch ${epoch}`}`;

const keyOf = (place: SegmentPlace | null): string => (place === null ? 'none' : placeKey(place));
