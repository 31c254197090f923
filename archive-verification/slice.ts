import { z } from 'zod';
import { canonicalText, parseCanonical } from './canonical.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);
const place = z.number().int().min(1);

/** What a slice names of the one before it: its segment, its hash, and how many records there were up to it. */
export const sliceBefore = z.strictObject({ n: place, sha256, records: place });

const form = z.strictObject({
  tenant: z
    .string()
    .regex(/^tn_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    .nullable(),
  n: place,
  records: place,
  root: sha256,
  content_sha256: sha256,
  offset: count,
  length: place,
  first_at: z.string(),
  last_at: z.string(),
  before: sliceBefore.nullable(),
});

/** A tenant's part of a segment, or the platform's (`tenant` null). */
export type Slice = z.infer<typeof form>;

/** A slice, and its canonical text: a leaf of the tree over the slices of a segment. */
export type ReadSlice = { slice: Slice; text: string };

const forms = z.array(form);
const proven = z.strictObject({ slice: form, place: count, path: z.array(sha256) });

/** A slice by itself, with what proves it: its place among those of the segment, and the hashes beside its way to their root. */
export type ProvenSlice = { read: ReadSlice; place: number; path: Buffer[] };

/** The slices of a segment; null when the bytes are no such list, or not in the canonical form. */
export function parseSlices(bytes: Uint8Array): ReadSlice[] | null {
  const read = forms.safeParse(parseCanonical(bytes));
  return read.success ? read.data.map(withText) : null;
}

/** A slice of a tenant's own part; null when the bytes are none. */
export function parseProvenSlice(bytes: Uint8Array): ProvenSlice | null {
  const read = proven.safeParse(parseCanonical(bytes));
  if (!read.success) return null;
  const { slice, place: at, path } = read.data;
  return { read: withText(slice), place: at, path: path.map((hash) => Buffer.from(hash, 'hex')) };
}

/** How a slice and its proof are written. */
export const provenSliceText = ({ read: { slice }, place: at, path }: ProvenSlice): string =>
  canonicalText({ slice, place: at, path: path.map((hash) => hash.toString('hex')) });

/** Whose slice it is, as slices are sorted: the platform's is before all others. */
export const ownerOf = ({ tenant }: Pick<Slice, 'tenant'>): string => tenant ?? '';

const withText = (slice: Slice): ReadSlice => ({ slice, text: canonicalText(slice) });
