import { and, desc, eq, getTableColumns, gte, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import type { Reader } from '../../drizzle/client.ts';
import { rail } from '../../drizzle/schema/rails.ts';
import { idempotencyKey, transfer } from '../../drizzle/schema/transfers.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

export type TransferRow = typeof transfer.$inferSelect;

// A row that waits for its rail goes on no sooner than the rail's next probe, which moves without the row.
const shown = {
  ...getTableColumns(transfer),
  nextAt: sql`case when ${transfer.state} = 'scheduled' and ${transfer.waitingFor} = 'rail'
    then greatest(${transfer.nextAt}, (select ${rail.probeAt} from ${rail} where ${rail.name} = ${transfer.rail})) else ${transfer.nextAt} end`
    .mapWith(transfer.nextAt)
    .as('next_at'),
};

/** The parameters of the list, as `GET /v1/transfers` names them. Every one narrows it; `created_to` is excluded. */
export type TransferFilter = {
  status?: readonly TransferState[] | undefined;
  account_id?: Uuid | undefined;
  rail?: RailName | undefined;
  reference?: string | undefined;
  attention?: boolean | undefined;
  created_from?: Date | undefined;
  created_to?: Date | undefined;
};

const conditions: Conditions<TransferFilter> = {
  status: (states) => inArray(transfer.state, [...states]),
  account_id: (id) => or(eq(transfer.sourceAccountId, id), eq(transfer.destinationAccountId, id)),
  rail: (name) => eq(transfer.rail, name),
  reference: (reference) => eq(transfer.reference, reference),
  attention: (isWanted) => (isWanted ? isNotNull(transfer.attentionReason) : isNull(transfer.attentionReason)),
  created_from: (from) => gte(transfer.createdAt, from),
  created_to: (to) => lt(transfer.createdAt, to),
};

/** One transfer of the tenant, or null. */
export async function readTransfer(reader: Reader, tenantId: Uuid, id: Uuid): Promise<TransferRow | null> {
  const rows = await reader.read(tenantId, (db) => db.select(shown).from(transfer).where(eq(transfer.id, id)));
  return rows[0] ?? null;
}

/** The transfer that an idempotency key made, or null when the key was never used for one. */
export async function readTransferByKey(reader: Reader, tenantId: Uuid, key: string): Promise<TransferRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(shown)
      .from(idempotencyKey)
      .innerJoin(transfer, eq(transfer.id, idempotencyKey.transferId))
      .where(and(eq(idempotencyKey.tenantId, tenantId), eq(idempotencyKey.key, key))),
  );
  return rows[0] ?? null;
}

/** The tenant's transfers, newest first. */
export async function listTransfers(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: TransferFilter; page: PageRequest },
): Promise<Page<TransferRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(shown)
      .from(transfer)
      .where(
        and(
          eq(transfer.tenantId, tenantId),
          ...narrowing(filter, conditions),
          after(page.after, transfer.createdAt, transfer.id),
        ),
      )
      .orderBy(desc(transfer.createdAt), desc(transfer.id))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt.toISOString(), tiebreak: row.id }));
}
