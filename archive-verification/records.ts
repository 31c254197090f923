import { z } from 'zod';
import { parseCanonical } from './canonical.ts';

/** What is recorded of anything: `t` says of what. */
const types = ['access', 'act', 'entry', 'event', 'sign_in_refused', 'statement'] as const;

const form = z.looseObject({
  t: z.enum(types),
  tenant: z.string().nullable(),
  xid: z.string().regex(/^(0|[1-9]\d{0,19})$/),
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  id: z.string().min(1),
});

/** A record with all of its members. */
export type ArchivedRecord = z.infer<typeof form>;

/** The record of a row of a segment; null when it is none, or not in the canonical form. */
export function parseRecord(bytes: Uint8Array): ArchivedRecord | null {
  const read = form.safeParse(parseCanonical(bytes));
  return read.success ? read.data : null;
}

/** How a record is called in what people read. */
export const recordName = ({ t, id }: { t: string; id: string }): string => `${t} ${id}`;

/** The sequence of records in a slice: by transaction, then by what they are, then by id. */
export const compareRecords = (a: ArchivedRecord, b: ArchivedRecord): number =>
  a.xid.length - b.xid.length || compare(a.xid, b.xid) || compare(a.t, b.t) || compare(a.id, b.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
