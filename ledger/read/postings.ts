import { and, desc, eq, gte, lt } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { posting } from '../../drizzle/schema/entries.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

export type PostingRow = typeof posting.$inferSelect;

/** From this instant (included) to that one (excluded), by the time of the commit. */
export type PostingFilter = { accountId: Uuid; from?: Date | undefined; to?: Date | undefined };

/** What was posted to an account, newest first. Both bounds also keep the database from looking into other months. */
export async function listPostings(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: PostingFilter; page: PageRequest },
): Promise<Page<PostingRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(posting)
      .where(
        and(
          eq(posting.accountId, filter.accountId),
          filter.from === undefined ? undefined : gte(posting.createdAt, filter.from),
          filter.to === undefined ? undefined : lt(posting.createdAt, filter.to),
          after(page.after, posting.createdAt, posting.seq),
        ),
      )
      .orderBy(desc(posting.createdAt), desc(posting.seq))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt.toISOString(), tiebreak: row.seq.toString() }));
}
