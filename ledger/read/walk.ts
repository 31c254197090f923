import { and, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/**
 * Rows that one page looks at when no index has all of its filters. It ends after them, so that what a page costs does not
 * depend on how rare its rows are.
 */
export const lookedAtMax = 1_000;

/**
 * Those of a walk (id, created_at) that meet further conditions on the table of a key. They are looked up by the key, one by
 * one: a planner that may choose would begin with a condition of which it believes that few rows meet it.
 */
export const meeting = (walked: SQL, key: PgColumn, conditions: readonly SQL[]): SQL =>
  conditions.length === 0
    ? walked
    : sql`(select walked.* from ${walked} walked
        cross join lateral (select from ${key.table} where ${and(sql`${key} = walked.id`, ...conditions)} offset 0) met)`;

/** In the order of a walk. For the columns of the table the planner would go along the tenant's whole list. */
export const newestFirst: SQL = sql`walked.created_at desc, walked.id desc`;

/** The id of the last row that a page looked at, where there may be more behind it. */
export const endOf = (walked: SQL): SQL =>
  sql`(select walked.id from ${walked} walked order by ${newestFirst} offset ${lookedAtMax - 1})`;
