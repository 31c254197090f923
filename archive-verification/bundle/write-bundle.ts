import { epochsOf } from '../epochs.ts';
import { nameOf } from '../object-names.ts';
import { parseSlices, provenSliceText } from '../slice.ts';
import type { Source } from '../source.ts';
import { type Step, stepsOf } from '../steps.ts';
import { leafHash, pathOf } from '../tree.ts';

/** What was written. */
export type WrittenBundle = { segments: number; slices: number; records: number };

/**
 * Writes what a tenant may have of an archive, which proves itself: every manifest and checkpoint, which name nobody, and of each segment the
 * tenant's slice with its proof, and its records. `put` gets each file once.
 */
export async function writeBundle(
  { source, tenant }: { source: Source; tenant: string },
  put: (name: string, bytes: Uint8Array) => Promise<void>,
): Promise<WrittenBundle> {
  const written = { segments: 0, slices: 0, records: 0 };
  for await (const step of stepsOf(source, await epochsOf(source))) {
    const { epoch, n, objects } = step;
    for (const kind of ['manifest', 'checkpoint'] as const) {
      const stored = objects[kind];
      if (stored) await put(nameOf({ epoch, n, kind }), stored.bytes);
    }
    written.segments += 1;
    const own = ownPart(step, tenant);
    if (own === null) continue;
    await put(nameOf({ epoch, n, kind: 'slice' }), Buffer.from(own.slice));
    await put(nameOf({ epoch, n, kind: 'records' }), own.records);
    written.slices += 1;
    written.records += own.count;
  }
  return written;
}

function ownPart(
  { objects: { slices, segment } }: Step,
  tenant: string,
): { slice: string; records: Uint8Array; count: number } | null {
  const list = slices && segment ? (parseSlices(slices.bytes) ?? []) : [];
  const place = list.findIndex(({ slice }) => slice.tenant === tenant);
  const read = list[place];
  if (!read || !segment) return null;
  const leaves = list.map(({ text }) => leafHash(Buffer.from(text)));
  const { offset, length, records: count } = read.slice;
  return {
    slice: provenSliceText({ read, place, path: pathOf(leaves, place) }),
    records: segment.bytes.subarray(offset, offset + length),
    count,
  };
}
