import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** A place in a list that is ordered by (time, tiebreak), newest first. `time` is text that Postgres reads back exactly. */
export type Place = { time: string; tiebreak: string };

export type PageRequest = { limit: number; after: Place | null };

/** One page. `next` is where the following page begins, or null when this was the last. */
export type Page<T> = { rows: T[]; next: Place | null };

/** What comes after a place, as a row comparison that an index on both columns answers. */
export const after = (place: Place | null, time: PgColumn, tiebreak: PgColumn): SQL | undefined =>
  place
    ? sql`(${time}, ${tiebreak}) < (${place.time}::timestamptz, ${place.tiebreak}::${sql.raw(tiebreak.getSQLType())})`
    : undefined;

/** Cuts a page out of rows that were read with one more than the limit, which tells whether there is another page. */
export function toPage<T>(rows: T[], limit: number, placeOf: (row: T) => Place): Page<T> {
  const last = rows[limit - 1];
  return { rows: rows.slice(0, limit), next: rows.length > limit && last ? placeOf(last) : null };
}
