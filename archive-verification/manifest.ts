import { z } from 'zod';
import { parseCanonical } from './canonical.ts';
import { sliceBefore } from './slice.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
const place = z.number().int().min(1);
const xid = z.string().regex(/^(0|[1-9]\d{0,19})$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** The form of a manifest, as docs/archive.md says it: no member more, and none less. */
const form = z.strictObject({
  v: z.literal(1),
  origin: z.string().min(1),
  epoch: place,
  n: place,
  tree_size: place,
  prev: sliceBefore.omit({ records: true }).nullable(),
  from_xid: xid,
  to_xid: xid,
  begun_at: instant,
  records: count,
  types: z.record(z.string(), count),
  segment: z.strictObject({ key: z.string(), sha256, content_sha256: sha256, bytes: count }).nullable(),
  slices: z.strictObject({ key: z.string(), sha256, count: place, root: sha256 }).nullable(),
  signers: z.array(z.string()).min(1),
  abandoned: z.strictObject({ from_n: place, to_n: place, checkpoint: z.string() }).nullable(),
  software: z.string(),
});

/** What is said of a segment under a checkpoint. */
export type Manifest = z.infer<typeof form>;

/** The manifest of these bytes; null when they are none, or not in the canonical form. */
export function parseManifest(bytes: Uint8Array): Manifest | null {
  const read = form.safeParse(parseCanonical(bytes));
  return read.success ? read.data : null;
}
