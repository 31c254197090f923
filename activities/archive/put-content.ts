import type pg from 'pg';
import type { SegmentContent } from '../../archive/manifest.ts';
import type { BuiltRecord } from '../../archive/record.ts';
import { type BuiltSegment, buildSegment, lengthsOfSame } from '../../archive/segment.ts';
import { type BuiltSlice, slicesOf } from '../../archive/slice.ts';
import { leafHash, rootOver } from '../../archive/tree.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { ArchiveObject } from '../../ledger/archive/finish-segment.ts';
import { readLastSlices } from '../../ledger/worker-reads/archive-acts.ts';
import type { ArchiveRefusal } from './put.ts';
import type { Putter } from './putter.ts';

/** The objects of the records, the slices of each tenant, and how a manifest names them. */
export type PutContent = {
  objects: { segment: ArchiveObject | null; slices: ArchiveObject | null };
  slices: readonly BuiltSlice[];
  named: Pick<SegmentContent, 'segment' | 'slices'>;
};

/**
 * Puts the records of segment `n` and then their slices, which say where in the stored bytes each tenant's records are. Nothing where there are
 * none. `finished`: another worker was faster, and what would be named as the slices before are those of this segment.
 */
export async function putContent(
  records: readonly BuiltRecord[],
  { n, put, pool }: { n: number; put: Putter; pool: pg.Pool },
): Promise<Result<PutContent | 'finished', ArchiveRefusal>> {
  if (records.length === 0) return ok(nothing);
  const segment = await buildSegment(records);
  const stored = await putSegment(segment, put);
  if (!stored.ok) return stored;
  const { object, lengths } = stored.value;

  const tenantIds = segment.parts.map(({ tenantId }) => tenantId);
  const before = await readLastSlices(pool, tenantIds);
  if ([...before.values()].some((slice) => slice.n >= n)) return ok('finished');
  const built = slicesOf({ parts: segment.parts, lengths }, { n, before });
  const texts = built.map(({ text }) => text);
  const slices = await put('slices', `[${texts.join(',')}]`, () => false);
  if (!slices.ok) return slices;

  const { key, sha256, bytes } = object;
  const list = slices.value.object;
  const root = rootOver(texts.map((text) => leafHash(text)));
  return ok({
    objects: { segment: object, slices: list },
    slices: built,
    named: {
      segment: { key, sha256, bytes, content_sha256: segment.contentSha256 },
      slices: { key: list.key, sha256: list.sha256, count: built.length, root },
    },
  });
}

const nothing: PutContent = {
  objects: { segment: null, slices: null },
  slices: [],
  named: { segment: null, slices: null },
};

/** Puts the records; where those of another build are there, their members have other lengths. */
async function putSegment(
  { bytes, parts, lengths }: BuiltSegment,
  put: Putter,
): Promise<Result<{ object: ArchiveObject; lengths: readonly number[] }, ArchiveRefusal>> {
  let found = lengths;
  const stored = await put('segment', bytes, async (there) => {
    const others = await lengthsOfSame(there, parts);
    found = others ?? found;
    return others !== null;
  });
  return stored.ok ? ok({ object: stored.value.object, lengths: found }) : stored;
}
