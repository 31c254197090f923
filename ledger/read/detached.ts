import { and, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { Leg } from '../../domain/entry.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { detachedMonth, keptBalance, keptEntry, keptEvent } from '../../drizzle/schema/months.ts';
import { transfer } from '../../drizzle/schema/transfers.ts';

/**
 * From which instant on entries, postings and events are attached: the end of the last month that is detached; null while none is. To be read
 * after what it is compared with, so that a month that goes meanwhile is noticed.
 */
export async function readAttachedFrom(reader: Reader, tenantId: Uuid): Promise<Date | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ at: sql<Date | null>`max(${detachedMonth.toAt})`.mapWith(detachedMonth.toAt) })
      .from(detachedMonth)
      .where(eq(detachedMonth.status, 'detached')),
  );
  return rows[0]?.at ?? null;
}

/** Whether an entry of that id would be in a month that is detached. Whether there was one, only the archive knows. */
export const readIsEntryDetached = (reader: Reader, tenantId: Uuid, id: Uuid): Promise<boolean> =>
  isDetached(
    reader,
    tenantId,
    sql`coalesce((select request.created_at from ledger.entry_request request where request.id = ${id}), ledger.uuid_time(${id}))`,
  );

/** Whether the entry that an idempotency key made is in a month that is detached. */
export const readIsEntryOfKeyDetached = (reader: Reader, tenantId: Uuid, key: string): Promise<boolean> =>
  isDetached(
    reader,
    tenantId,
    sql`(select request.created_at from ledger.idempotency_key made join ledger.entry_request request on request.id = made.entry_id
      where made.tenant_id = ${tenantId} and made.key = ${key} and request.refusal_code is null)`,
  );

/** Whether the entry that completed a transfer is in a month that is detached. */
export const readIsEntryOfTransferDetached = (reader: Reader, tenantId: Uuid, transferId: Uuid): Promise<boolean> =>
  isDetached(
    reader,
    tenantId,
    sql`(select ledger.uuid_time(${transfer.entryId}) from ${transfer} where ${eq(transfer.id, transferId)})`,
  );

async function isDetached(reader: Reader, tenantId: Uuid, at: SQL): Promise<boolean> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ month: detachedMonth.month })
      .from(detachedMonth)
      .where(
        and(
          eq(detachedMonth.status, 'detached'),
          sql`${detachedMonth.fromAt} <= ${at}`,
          sql`${detachedMonth.toAt} > ${at}`,
        ),
      )
      .limit(1),
  );
  return rows.length > 0;
}

/** The legs of an entry that somebody asked to reverse before its month was detached, or null. */
export async function readKeptLegs(reader: Reader, tenantId: Uuid, id: Uuid): Promise<Leg[] | null> {
  const rows = await reader.read(tenantId, (db) =>
    db.execute<{ legs: Leg[] | null }>(sql`
      select jsonb_agg(jsonb_build_object('debitAccountId', leg.debit_account_id, 'creditAccountId', leg.credit_account_id,
        'amount', leg.amount::text, 'currency', leg.currency) order by leg.leg) as legs
      from ${keptEntry}
      cross join jsonb_to_recordset(${keptEntry.legs}) leg (leg int, debit_account_id uuid, credit_account_id uuid, amount bigint, currency text)
      where ${eq(keptEntry.id, id)}`),
  );
  return rows.rows[0]?.legs ?? null;
}

/** What a transfer from a funding account left in its destination, where its month is detached. */
export async function readKeptBalanceAfter(reader: Reader, tenantId: Uuid, transferId: Uuid): Promise<bigint | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ posted: keptEvent.balanceAfter })
      .from(keptEvent)
      .where(and(eq(keptEvent.transferId, transferId), lt(keptEvent.version, 2))),
  );
  return rows[0]?.posted ?? null;
}

/** Where an account stood after its last posting of the detached months before an instant: no later one of them is kept. */
export const keptBefore = (accountId: Uuid, at: Date): SQL =>
  sql`select ${keptBalance.balanceAfter} as posted, ${keptBalance.seq} as seq from ${keptBalance}
    where ${eq(keptBalance.accountId, accountId)} and ${keptBalance.postedAt} <= ${at.toISOString()}::timestamptz
    order by ${keptBalance.month} desc limit 1`;
