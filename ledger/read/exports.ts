import { and, asc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { account } from '../../drizzle/schema/accounts.ts';
import { posting } from '../../drizzle/schema/entries.ts';
import { transfer } from '../../drizzle/schema/transfers.ts';
import type { PostingRow } from './postings.ts';

/** From this instant (included) to that one (excluded). */
export type Period = { from: Date; to: Date };

export type ExportedTransfer = typeof transfer.$inferSelect;

/** So many transfers that were made in a period, oldest first, after one of them. */
export const readTransfersMade = (
  reader: Reader,
  tenantId: Uuid,
  { from, to, after, limit }: Period & { after: Pick<ExportedTransfer, 'createdAt' | 'id'> | undefined; limit: number },
): Promise<ExportedTransfer[]> =>
  reader.read(tenantId, (db) =>
    db
      .select()
      .from(transfer)
      .where(
        and(
          eq(transfer.tenantId, tenantId),
          // One beginning: with both, an index scan may begin at the earlier, and each page would read all before it.
          after
            ? sql`(${transfer.createdAt}, ${transfer.id}) > (${iso(after.createdAt)}::timestamptz, ${after.id}::uuid)`
            : gte(transfer.createdAt, from),
          lt(transfer.createdAt, to),
        ),
      )
      .orderBy(asc(transfer.createdAt), asc(transfer.id))
      .limit(limit),
  );

/** An account, and whether anything was posted to it in the period. */
export type AccountInPeriod = { id: Uuid; name: string; createdAt: Date; isPosted: boolean };

/** So many accounts of the tenant, oldest first, after one of them. */
export const readAccountsInPeriod = (
  reader: Reader,
  tenantId: Uuid,
  { from, to, after, limit }: Period & { after: AccountInPeriod | undefined; limit: number },
): Promise<AccountInPeriod[]> =>
  reader.read(tenantId, (db) =>
    db
      .select({ id: account.id, name: account.name, createdAt: account.createdAt, isPosted: posted({ from, to }) })
      .from(account)
      .where(
        and(
          eq(account.tenantId, tenantId),
          after &&
            sql`(${account.createdAt}, ${account.id}) > (${iso(after.createdAt)}::timestamptz, ${after.id}::uuid)`,
        ),
      )
      .orderBy(asc(account.createdAt), asc(account.id))
      .limit(limit),
  );

// Drizzle names the columns of the outer table without it.
const posted = ({ from, to }: Period): SQL<boolean> =>
  sql<boolean>`exists (select from ledger.posting where posting.account_id = "account"."id"
    and posting.created_at >= ${iso(from)}::timestamptz and posting.created_at < ${iso(to)}::timestamptz)`;

/** So many postings of an account in a period, oldest first, after one of them. */
export const readPostingsMade = (
  reader: Reader,
  tenantId: Uuid,
  { accountId, from, to, after, limit }: Period & { accountId: Uuid; after: PostingRow | undefined; limit: number },
): Promise<PostingRow[]> =>
  reader.read(tenantId, (db) =>
    db
      .select()
      .from(posting)
      .where(
        and(
          eq(posting.accountId, accountId),
          gte(posting.createdAt, after?.createdAt ?? from),
          lt(posting.createdAt, to),
          after &&
            sql`(${posting.createdAt}, ${posting.seq}) > (${iso(after.createdAt)}::timestamptz, ${after.seq}::bigint)`,
        ),
      )
      .orderBy(asc(posting.createdAt), asc(posting.seq))
      .limit(limit),
  );

const iso = (at: Date): string => at.toISOString();
