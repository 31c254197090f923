import { and, asc, eq, ne } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { balance } from '../../drizzle/schema/accounts.ts';

/**
 * The account that money of a currency comes in from, as `ledger.funding_account_of` has it: the tenant's oldest funding account that is
 * not closed. Null: there is none, and `openFundingAccount` opens one.
 */
export async function readFundingAccount(reader: Reader, tenantId: Uuid, currency: string): Promise<Uuid | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id: balance.accountId })
      .from(balance)
      .where(
        and(
          eq(balance.tenantId, tenantId),
          eq(balance.kind, 'funding'),
          eq(balance.currency, currency),
          ne(balance.status, 'closed'),
        ),
      )
      .orderBy(asc(balance.createdAt), asc(balance.accountId))
      .limit(1),
  );
  return rows[0]?.id ?? null;
}
