import { and, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/**
 * Rows that one page looks at when no index has all of its filters. It ends after them, so that what a page costs does not
 * depend on how rare its rows are.
 */
export const lookedAtMax = 1_000;

/** In the order of a walk. For the columns of the table the planner would go along the tenant's whole list. */
export const newestFirst: SQL = sql`walked.created_at desc, walked.id desc`;

/** What rows of a walk have to meet on the table of a key. `partition`: the time in that key, where the table is partitioned. */
type Wanted = { key: PgColumn; conditions: readonly SQL[]; limit: number; partition?: PgColumn; order?: SQL };

/**
 * The first of a walk (id, created_at) that meet further conditions, so many at most. They are looked up by the key, one by one: a
 * planner that may choose would begin with a condition of which it believes that few rows meet it, so that none is a condition of
 * the look-up, but its result. What is joined to them is joined to a page, not to a whole walk, for which it would rather read the
 * whole table.
 */
export function meeting(walked: SQL, { key, conditions, limit, partition, order = newestFirst }: Wanted): SQL {
  if (conditions.length === 0) return walked;
  const same = and(sql`${key} = walked.id`, partition && sql`${partition} = walked.created_at`);
  return sql`(select walked.* from ${walked} walked
    cross join lateral (select ${and(...conditions)} as is_wanted from ${key.table} where ${same} offset 0) found
    where found.is_wanted order by ${order} limit ${limit})`;
}

/** The id of the last row that a page looked at, where there may be more behind it. */
export const endOf = (walked: SQL): SQL =>
  sql`(select walked.id from ${walked} walked order by ${newestFirst} offset ${lookedAtMax - 1})`;
