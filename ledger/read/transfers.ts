import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { rail } from '../../drizzle/schema/rails.ts';
import { idempotencyKey, transfer } from '../../drizzle/schema/transfers.ts';
import { narrowing } from './filter.ts';
import { after, type Page, type PageRequest, type Place, toPage } from './page.ts';
import { conditions, type TransferFilter } from './transfer-filter.ts';
import { walkOf } from './transfer-walk.ts';
import { endOf, lookedAtMax, meeting, newestFirst } from './walk.ts';

export type TransferRow = typeof transfer.$inferSelect;

// A row that waits for its rail goes on no sooner than the rail's next probe, which moves without the row.
const shown = {
  ...getTableColumns(transfer),
  nextAt: sql`case when ${transfer.state} = 'scheduled' and ${transfer.waitingFor} = 'rail'
    then greatest(${transfer.nextAt}, (select ${rail.probeAt} from ${rail} where ${rail.name} = ${transfer.rail})) else ${transfer.nextAt} end`
    .mapWith(transfer.nextAt)
    .as('next_at'),
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

/**
 * The tenant's transfers, newest first. Filters beyond those of one index are applied to the rows that a walk along it meets,
 * and a page ends after {@link lookedAtMax} of them: it may be short or empty, and yet have a next one.
 */
export async function listTransfers(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: TransferFilter; page: PageRequest },
): Promise<Page<TransferRow>> {
  const { created_from, created_to, ...others } = filter;
  const walk = walkOf(others);
  const rest = narrowing(without(others, walk.by), conditions).filter((condition) => condition !== undefined);
  const count = rest.length === 0 ? page.limit + 1 : lookedAtMax;
  const walked = walk.rows(
    and(
      eq(transfer.tenantId, tenantId),
      ...narrowing({ created_from }, conditions),
      after(page.after, transfer.createdAt, transfer.id, created_to),
    ),
    count,
  );
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(shown)
      .from(transfer)
      .innerJoin(
        sql`${meeting(walked, { key: transfer.id, conditions: rest, limit: page.limit + 1 })} walked`,
        sql`walked.id = ${transfer.id}`,
      )
      .orderBy(newestFirst)
      .limit(page.limit + 1),
  );
  const found = toPage(rows, page.limit, placeOf);
  return found.next || rest.length === 0 ? found : { ...found, next: await readEnd(reader, tenantId, walked) };
}

/** The last row that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: SQL): Promise<Place | null> {
  const { id, createdAt } = transfer;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id, createdAt })
      .from(transfer)
      .where(sql`${id} = ${endOf(walked)}`),
  );
  return rows[0] ? placeOf(rows[0]) : null;
}

const placeOf = ({ id, createdAt }: Pick<TransferRow, 'id' | 'createdAt'>): Place => ({
  time: createdAt.toISOString(),
  tiebreak: id,
});

/** The filter without the parameters that are taken care of. */
function without(filter: TransferFilter, names: readonly (keyof TransferFilter)[]): TransferFilter {
  const rest = { ...filter };
  for (const name of names) delete rest[name];
  return rest;
}
