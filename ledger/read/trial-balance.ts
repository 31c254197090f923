import { sql } from 'drizzle-orm';
import type { AccountKind } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { postedTotal } from '../../drizzle/schema/accounts.ts';

/** What all accounts of a kind and currency took in and gave out. Sums may pass the end of an int64; a bigint does not mind. */
export type TrialBalanceRow = { currency: string; kind: AccountKind; debits: bigint; credits: bigint };

/** `asOf`: when it was read, RFC 3339, by the database's clock. */
export type TrialBalance = { asOf: string; rows: TrialBalanceRow[] };

type Found = { as_of: string; rows: { currency: string; kind: AccountKind; debits: string; credits: string }[] };

/**
 * The tenant's trial balance, in one statement and so from one snapshot. It balances when debits equal credits in every currency.
 * Reads no account: each commit adds to the totals. A kind on which nothing was ever posted has no row.
 */
export async function readTrialBalance(reader: Reader, tenantId: Uuid): Promise<TrialBalance> {
  const { rows } = await reader.read(tenantId, (db) => db.execute<Found>(question(tenantId)));
  const [found] = rows;
  if (!found) throw new Error('a statement without a condition returned no row');
  const totals = found.rows.map((row) => ({ ...row, debits: BigInt(row.debits), credits: BigInt(row.credits) }));
  return { asOf: found.as_of, rows: totals };
}

const question = (tenantId: Uuid) => sql`
  select ledger.rfc3339(statement_timestamp()) as as_of, coalesce(jsonb_agg(jsonb_build_object(
    'currency', total.currency, 'kind', total.kind, 'debits', total.debits::text, 'credits', total.credits::text
  ) order by total.currency, total.kind), '[]') as rows
  from (
    select ${postedTotal.currency}, ${postedTotal.kind}, sum(${postedTotal.debits}) as debits, sum(${postedTotal.credits}) as credits
    from ${postedTotal}
    where ${postedTotal.tenantId} = ${tenantId}
    group by 1, 2
  ) total`;
