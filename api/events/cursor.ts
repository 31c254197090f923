import { z } from 'zod';
import { type FeedPlace, feedStart } from '../../ledger/read/event-feed.ts';

// A client can change a cursor, so check that Postgres can read it.
const xidForm = z
  .string()
  .regex(/^[0-9]{1,19}$/)
  .refine((text) => BigInt(text) < 2n ** 63n);
const uuidForm = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const sinceForm = z.iso.datetime({ precision: 3 }).or(z.literal(feedStart.since));
const form = z.tuple([z.literal('events'), xidForm, z.int32().nonnegative(), uuidForm, sinceForm]);

/** A place in the feed as clients keep it: opaque text. */
export const toFeedCursor = (place: FeedPlace): string =>
  Buffer.from(JSON.stringify(['events', place.xid, place.version, place.id, place.since])).toString('base64url');

/** The place behind a cursor of the feed; null for any other text. */
export function fromFeedCursor(text: string): FeedPlace | null {
  const read = form.safeParse(parse(Buffer.from(text, 'base64url').toString()));
  if (!read.success) return null;
  const [, xid, version, id, since] = read.data;
  return { xid, version, id, since };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a cursor of this API; the form refuses the null.
    return null;
  }
}
