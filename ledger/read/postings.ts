import { and, desc, eq, gte } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { posting } from '../../drizzle/schema/entries.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

export type PostingRow = typeof posting.$inferSelect;

/** The parameters of the list, as the API names them: from this instant (included) to that one (excluded), by the time of the commit. */
export type PostingFilter = { from?: Date | undefined; to?: Date | undefined };

const conditions: Conditions<Pick<PostingFilter, 'from'>> = {
  from: (from) => gte(posting.createdAt, from),
};

/** What was posted to an account, newest first. Both bounds also keep the database from looking into other months. */
export async function listPostings(
  reader: Reader,
  tenantId: Uuid,
  { accountId, filter, page }: { accountId: Uuid; filter: PostingFilter; page: PageRequest },
): Promise<Page<PostingRow>> {
  const { to, ...from } = filter;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(posting)
      .where(
        and(
          eq(posting.accountId, accountId),
          ...narrowing(from, conditions),
          after(page.after, posting.createdAt, posting.seq, to),
        ),
      )
      .orderBy(desc(posting.createdAt), desc(posting.seq))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt.toISOString(), tiebreak: row.seq.toString() }));
}
