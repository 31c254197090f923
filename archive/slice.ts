import { toPublic, type Uuid } from '../domain/ids.ts';
import { canonical, sha256Of } from './canonical.ts';
import type { BuiltSegment } from './segment.ts';

/** The slice before, in segment `n`: the hash of it, and how many records all slices up to it have. */
export type SliceBefore = { n: number; sha256: string; records: number };

/**
 * A tenant's part of segment `n`, with the place of its gzip member. Each names the one before it of the same tenant, so that a gap
 * shows to who has nothing of the others. `root`: of a tree over its records.
 */
export type Slice = {
  tenant: string | null;
  n: number;
  records: number;
  root: string;
  content_sha256: string;
  offset: number;
  length: number;
  first_at: string;
  last_at: string;
  before: SliceBefore | null;
};

/** A slice as it is stored: `text` is its canonical JSON, and a leaf of the tree over all slices of the segment. */
export type BuiltSlice = { tenantId: Uuid | null; records: number; text: string; sha256: string };

/** The slices of a segment, in the sequence of its members. `before`: the last one of each tenant, the platform's under null. */
export function slicesOf(
  { parts, lengths }: Pick<BuiltSegment, 'parts' | 'lengths'>,
  { n, before }: { n: number; before: ReadonlyMap<Uuid | null, SliceBefore> },
): BuiltSlice[] {
  let offset = 0;
  return parts.map(({ tenantId, records, root, contentSha256, firstAt, lastAt }, i) => {
    const length = lengths[i] ?? 0;
    const slice: Slice = {
      tenant: tenantId === null ? null : toPublic('tenant', tenantId),
      ...{ n, records, root, offset, length },
      content_sha256: contentSha256,
      first_at: firstAt,
      last_at: lastAt,
      before: before.get(tenantId) ?? null,
    };
    offset += length;
    const text = canonical(slice);
    return { tenantId, records, text, sha256: sha256Of(text) };
  });
}
