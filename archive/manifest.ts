import { canonical } from './canonical.ts';
import type { TreeName } from './checkpoint.ts';
import type { BuiltRecord, RecordType } from './record.ts';

/** How many records of each type, of those that there are. */
export type RecordCounts = Partial<Record<RecordType, number>>;

/**
 * What a segment is: a leaf of the tree of its epoch. It names no tenant, so anybody may have it. `prev`: the manifest before it, also of the
 * epoch before; `abandoned`: what the store has of an epoch that the database does not know, on the first manifest of the next one. `segment`
 * and `slices` are null where nothing was to be recorded.
 */
export type Manifest = {
  v: 1;
  origin: string;
  epoch: number;
  n: number;
  tree_size: number;
  prev: { n: number; sha256: string } | null;
  from_xid: string;
  to_xid: string;
  begun_at: string;
  records: number;
  types: RecordCounts;
  segment: { key: string; sha256: string; content_sha256: string; bytes: number } | null;
  slices: { key: string; sha256: string; count: number; root: string } | null;
  signers: string[];
  abandoned: { from_n: number; to_n: number; checkpoint: string } | null;
  software: string;
};

/** What the ledger fixed of a segment before anything of it was read. */
export type SegmentFacts = TreeName & {
  n: number;
  fromXid: string;
  toXid: string;
  begunAt: string;
  previous: Manifest['prev'];
  tree: { size: number };
  abandoned: { fromN: number; toN: number; checkpoint: string } | null;
};

/** What is in the store of it, and who makes it. */
export type SegmentContent = Pick<Manifest, 'types' | 'segment' | 'slices' | 'signers' | 'software'>;

/** The manifest of a segment, as its canonical JSON. */
export const manifestText = (facts: SegmentFacts, { types, ...content }: SegmentContent): string =>
  canonical({
    v: 1,
    origin: facts.origin,
    epoch: facts.epoch,
    n: facts.n,
    tree_size: facts.tree.size + 1,
    prev: facts.previous,
    from_xid: facts.fromXid,
    to_xid: facts.toXid,
    begun_at: facts.begunAt,
    records: Object.values(types).reduce((sum, count) => sum + count, 0),
    types,
    abandoned: facts.abandoned && {
      from_n: facts.abandoned.fromN,
      to_n: facts.abandoned.toN,
      checkpoint: facts.abandoned.checkpoint,
    },
    ...content,
  } satisfies Manifest);

/** How many there are of each type. */
export function countsOf(records: readonly Pick<BuiltRecord, 'type'>[]): RecordCounts {
  const counts: RecordCounts = {};
  for (const { type } of records) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/**
 * Whether two manifests differ at most in who made them: the same content by another release, or before another key was added. Both are canonical,
 * so their texts can be compared without what says that.
 */
export const isSameContent = (one: string, other: string): boolean => withoutMaker(one) === withoutMaker(other);

const withoutMaker = (manifest: string): string =>
  manifest.replace(/"signers":\[[^\]]*\],/, '').replace(/"software":"(?:[^"\\]|\\.)*",/, '');
