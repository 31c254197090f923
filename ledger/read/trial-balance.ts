import { asc, eq, sql } from 'drizzle-orm';
import type { AccountKind } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { balance } from '../../drizzle/schema/accounts.ts';

/** What all accounts of a kind and currency took in and gave out. Sums may pass the end of an int64; a bigint does not mind. */
export type TrialBalanceRow = { currency: string; kind: AccountKind; debits: bigint; credits: bigint };

/** The tenant's trial balance, from one snapshot. It balances when debits equal credits in every currency. */
export async function readTrialBalance(reader: Reader, tenantId: Uuid): Promise<TrialBalanceRow[]> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({
        currency: balance.currency,
        kind: balance.kind,
        debits: sql<string>`sum(${balance.debitPosted})::text`,
        credits: sql<string>`sum(${balance.creditPosted})::text`,
      })
      .from(balance)
      .where(eq(balance.tenantId, tenantId))
      .groupBy(balance.currency, balance.kind)
      .orderBy(asc(balance.currency), asc(balance.kind)),
  );
  return rows.map((row) => ({ ...row, debits: BigInt(row.debits), credits: BigInt(row.credits) }));
}
