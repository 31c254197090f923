import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Balance } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { balance } from '../../drizzle/schema/accounts.ts';
import { posting } from '../../drizzle/schema/entries.ts';
import { keptBefore } from './detached.ts';

/** How new the balances of some accounts are: what a reader must not be shown less than. */
export const readVersions = (
  reader: Reader,
  tenantId: Uuid,
  accountIds: Uuid[],
): Promise<{ accountId: Uuid; version: bigint }[]> =>
  reader.read(tenantId, (db) =>
    db
      .select({ accountId: balance.accountId, version: balance.version })
      .from(balance)
      .where(inArray(balance.accountId, accountIds)),
  );

/**
 * What was posted to an account up to an instant, by the balance after its last posting: nothing is summed. What was held
 * then is not kept. Zero before the first posting; the caller knows that the account is there, and that the instant is not before the
 * months that are attached. What stood before those is what is kept of them.
 */
export async function readBalanceAt(
  reader: Reader,
  tenantId: Uuid,
  { accountId, at }: { accountId: Uuid; at: Date },
): Promise<{ posted: bigint; seq: bigint }> {
  const { rows } = await reader.read(tenantId, (db) =>
    db.execute<{ posted: string; seq: string }>(sql`
      select posted::text as posted, seq::text as seq
      from (
        (select ${posting.balanceAfter} as posted, ${posting.seq} as seq from ${posting}
          where ${eq(posting.accountId, accountId)} and ${posting.createdAt} <= ${at.toISOString()}::timestamptz
          order by ${posting.createdAt} desc, ${posting.seq} desc limit 1)
        union all (${keptBefore(accountId, at)})
      ) found
      order by found.seq desc limit 1`),
  );
  const [found] = rows;
  return found ? { posted: BigInt(found.posted), seq: BigInt(found.seq) } : { posted: 0n, seq: 0n };
}

/**
 * What an entry left in one of its accounts, or null when it did not touch it. `at`: the time of its commit, which all of its
 * postings have.
 */
export async function readBalanceAfter(
  reader: Reader,
  tenantId: Uuid,
  { accountId, entryId, at }: { accountId: Uuid; entryId: Uuid; at: Date },
): Promise<bigint | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ posted: posting.balanceAfter })
      .from(posting)
      .where(and(eq(posting.accountId, accountId), eq(posting.createdAt, at), eq(posting.entryId, entryId)))
      .orderBy(desc(posting.seq))
      .limit(1),
  );
  return rows[0]?.posted ?? null;
}

/** The columns that {@link toBalance} needs. */
export const balanceColumns = {
  normal: balance.normal,
  debitPosted: balance.debitPosted,
  creditPosted: balance.creditPosted,
  debitHeld: balance.debitHeld,
  creditHeld: balance.creditHeld,
  seq: balance.seq,
  version: balance.version,
};

type Counters = {
  normal: number;
  debitPosted: bigint;
  creditPosted: bigint;
  debitHeld: bigint;
  creditHeld: bigint;
  seq: bigint;
  version: bigint;
};

/** Four counters seen from the account's own side; the same arithmetic as ledger.reading in the database. */
export const toBalance = (row: Counters): Balance => ({
  posted: row.normal === 1 ? row.creditPosted - row.debitPosted : row.debitPosted - row.creditPosted,
  held: row.normal === 1 ? row.debitHeld : row.creditHeld,
  seq: row.seq,
  version: row.version,
});
