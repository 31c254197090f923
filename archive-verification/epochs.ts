import { sha256Of } from './canonical.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { nameOf, type ObjectName, parseName } from './object-names.ts';
import type { Listed, Source } from './source.ts';

/** Where a segment is. */
export type SegmentPlace = Pick<ObjectName, 'epoch' | 'n'>;

/** A segment as a key of a map. */
export const placeKey = ({ epoch, n }: SegmentPlace): string => `${epoch} ${n}`;

/**
 * A row of segments with a tree of its own, from `firstN` to `lastN`. `parent`: the segment of an earlier epoch that its first one follows by hash;
 * null for the first epoch, and where there is none such. `until`: its last segment that is on the way to the newest one; what is behind it
 * was abandoned. `isComparable`: its transactions are numbered as the database numbers them now.
 */
export type Epoch = {
  epoch: number;
  firstN: number;
  lastN: number;
  parent: SegmentPlace | null;
  until: number;
  isComparable: boolean;
};

/** The epochs of an archive, in their sequence, by a look at all names and at the first manifest of each. */
export async function epochsOf(source: Source): Promise<Epoch[]> {
  const epochs: Epoch[] = [];
  let comparableFrom = 0;
  for (const range of await rangesOf(source)) {
    const { epoch, firstN: n } = range;
    const first = epochs.length > 0 ? await readManifest(source, { epoch, n }) : null;
    const parent = first && (await parentOf(first.manifest, { source, epochs }));
    // The database counts from a small number again: what an earlier epoch calls by a number is something else there.
    if (first && parent && BigInt(first.manifest.from_xid) < BigInt(parent.manifest.to_xid)) comparableFrom = epoch;
    epochs.push({ ...range, parent: parent === null ? null : parent.place, until: 0, isComparable: true });
  }
  for (const one of epochs) one.isComparable = one.epoch >= comparableFrom;
  markWay(epochs);
  return epochs;
}

/** From the first manifest to the newest checkpoint: what lies behind that was begun and never finished. */
async function rangesOf(source: Source): Promise<Pick<Epoch, 'epoch' | 'firstN' | 'lastN'>[]> {
  const found = new Map<number, { firstN: number; lastN: number }>();
  for await (const { key } of source.list('')) {
    const name = parseName(key);
    if (name?.kind !== 'checkpoint' && name?.kind !== 'manifest') continue;
    const { firstN, lastN } = found.get(name.epoch) ?? { firstN: name.n, lastN: 0 };
    found.set(name.epoch, {
      firstN: Math.min(firstN, name.n),
      lastN: name.kind === 'checkpoint' ? Math.max(lastN, name.n) : lastN,
    });
  }
  return [...found]
    .map(([epoch, range]) => ({ epoch, ...range }))
    .filter(({ lastN }) => lastN > 0)
    .toSorted((a, b) => a.epoch - b.epoch);
}

/** The segment that a manifest names as the one before it: in the newest of the earlier epochs that has it with that hash. */
async function parentOf(
  { prev }: Manifest,
  { source, epochs }: { source: Source; epochs: readonly Epoch[] },
): Promise<{ place: SegmentPlace; manifest: Manifest } | null> {
  if (prev === null) return null;
  for (const { epoch } of epochs.toReversed()) {
    const place = { epoch, n: prev.n };
    const found = await readManifest(source, place);
    if (found?.sha256 === prev.sha256) return { place, manifest: found.manifest };
  }
  return null;
}

async function readManifest(
  source: Source,
  place: SegmentPlace,
): Promise<{ manifest: Manifest; sha256: string } | null> {
  const listed = await find(source, nameOf({ ...place, kind: 'manifest' }));
  const stored = listed && (await source.read(listed));
  const manifest = stored && parseManifest(stored.bytes);
  return manifest && { manifest, sha256: sha256Of(stored.bytes) };
}

/** The oldest version under a name. */
async function find(source: Source, name: string): Promise<Listed | null> {
  let found: Listed | null = null;
  for await (const listed of source.list(name)) if (listed.key === name && !listed.isMarker) found = listed;
  return found;
}

/** From the newest epoch back, each one up to where the next went on. */
function markWay(epochs: readonly Epoch[]): void {
  let until = Number.POSITIVE_INFINITY;
  let at = epochs.at(-1);
  while (at) {
    const { parent } = at;
    at.until = until;
    until = parent?.n ?? 0;
    at = epochs.find(({ epoch }) => epoch === parent?.epoch);
  }
}
