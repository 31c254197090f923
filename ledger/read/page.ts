import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** A place in a list that is ordered by (time, tiebreak), newest first. `time` is text that Postgres reads back exactly. */
export type Place = { time: string; tiebreak: string };

export type PageRequest = { limit: number; after: Place | null };

/** One page. `next` is where the following page begins, or null when this was the last. */
export type Page<T> = { rows: T[]; next: Place | null };

/**
 * What comes after a place, as a row comparison that an index on both columns answers, and is older than `to`. Only the narrower of
 * the two is a condition: with both, an index scan may begin at the wider one and read all rows between, more with each page.
 */
export function after(place: Place | null, time: PgColumn, tiebreak: PgColumn, to?: Date): SQL | undefined {
  if (to !== undefined && (place === null || to.getTime() <= toMs(place.time)))
    return sql`${time} < ${to.toISOString()}::timestamptz`;
  return place
    ? sql`(${time}, ${tiebreak}) < (${place.time}::timestamptz, ${place.tiebreak}::${sql.raw(tiebreak.getSQLType())})`
    : undefined;
}

/** The millisecond that a place is in: its text may be Postgres's own, with microseconds. */
const toMs = (time: string): number => Date.parse(time.replace(' ', 'T').replace(/\+00$/, 'Z'));

/** Cuts a page out of rows that were read with one more than the limit, which tells whether there is another page. */
export function toPage<T>(rows: T[], limit: number, placeOf: (row: T) => Place): Page<T> {
  const last = rows[limit - 1];
  return { rows: rows.slice(0, limit), next: rows.length > limit && last ? placeOf(last) : null };
}
