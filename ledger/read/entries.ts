import { and, asc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import type { Leg } from '../../domain/entry.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { entry, entryRequest, posting } from '../../drizzle/schema/entries.ts';
import { idempotencyKey } from '../../drizzle/schema/transfers.ts';
import { conditions, type EntryFilter, walkOf } from './entry-walk.ts';
import { narrowing } from './filter.ts';
import { type Page, type PageRequest, type Place, toPage } from './page.ts';
import { lookedAtMax, meeting } from './walk.ts';

/** An entry with its legs, made again from its postings, and the entry that reversed it. */
export type EntryRow = typeof entry.$inferSelect & { legs: Leg[]; reversedById: Uuid | null };

/** One entry of the tenant, or null. */
export async function readEntry(reader: Reader, tenantId: Uuid, id: Uuid): Promise<EntryRow | null> {
  // As ledger.entry_time: only the partition of its month is looked into.
  const at = sql`coalesce((select ${entryRequest.createdAt} from ${entryRequest} where ${eq(entryRequest.id, id)}), ledger.uuid_time(${id}))`;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(entry)
      .where(and(eq(entry.id, id), eq(entry.createdAt, at))),
  );
  return (await withLegs(reader, tenantId, rows))[0] ?? null;
}

/** The entry that an idempotency key made, or null when the key made none. */
export async function readEntryByKey(reader: Reader, tenantId: Uuid, key: string): Promise<EntryRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id: idempotencyKey.entryId })
      .from(idempotencyKey)
      .where(and(eq(idempotencyKey.tenantId, tenantId), eq(idempotencyKey.key, key))),
  );
  return rows[0]?.id ? await readEntry(reader, tenantId, rows[0].id) : null;
}

/**
 * The tenant's entries, newest first: by the time of their commits, or, with an effective time in the filter, by that. Filters
 * beyond those of one index are applied to the rows that a walk along it meets, and a page ends after {@link lookedAtMax} of them:
 * it may be short or empty, and yet have a next one.
 */
export async function listEntries(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: EntryFilter; page: PageRequest },
): Promise<Page<EntryRow>> {
  const walk = walkOf(tenantId, filter, page);
  const others = Object.fromEntries(Object.entries(filter).filter(([name]) => !walk.by.some((by) => by === name)));
  const rest = narrowing<EntryFilter>(others, conditions).filter((condition) => condition !== undefined);
  const walked = walk.rows(rest.length === 0 ? page.limit + 1 : lookedAtMax);
  const found = await reader.read(tenantId, (db) =>
    db
      .select({ entry, sortedAt: sql<Date>`walked.sorted_at`.mapWith(entry.createdAt) })
      .from(sql`${meeting(walked, { ...lookup, conditions: rest, limit: page.limit + 1 })} walked`)
      .innerJoin(entry, sql`${entry.id} = walked.id and ${entry.createdAt} = walked.created_at`)
      .orderBy(lookup.order)
      .limit(page.limit + 1),
  );
  const { rows, next } = toPage(found, page.limit, (row) => placeOf(row.sortedAt, row.entry.id));
  const entries = await withLegs(
    reader,
    tenantId,
    rows.map((row) => row.entry),
  );
  const isCut = next === null && rest.length > 0;
  return { rows: entries, next: isCut ? await readEnd(reader, tenantId, walked) : next };
}

/** An entry is found by its id and the time of its commit. */
const lookup = { key: entry.id, partition: entry.createdAt, order: sql`walked.sorted_at desc, walked.id desc` };

const placeOf = (time: Date, id: Uuid): Place => ({ time: time.toISOString(), tiebreak: id });

/** The last row that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: ReturnType<typeof sql>): Promise<Place | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id: sql<Uuid>`walked.id`, sortedAt: sql<Date>`walked.sorted_at`.mapWith(entry.createdAt) })
      .from(sql`${walked} walked`)
      .orderBy(lookup.order)
      .offset(lookedAtMax - 1)
      .limit(1),
  );
  return rows[0] ? placeOf(rows[0].sortedAt, rows[0].id) : null;
}

async function withLegs(reader: Reader, tenantId: Uuid, rows: (typeof entry.$inferSelect)[]): Promise<EntryRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const wanted = sql`unnest(${sql.param(ids)}::uuid[], ${sql.param(rows.map(({ createdAt }) => createdAt.toISOString()))}::timestamptz[]) wanted (id, at)`;
  const [postings, reversals] = await Promise.all([
    reader.read(tenantId, (db) =>
      db
        .select(getTableColumns(posting))
        .from(posting)
        .innerJoin(wanted, sql`${posting.entryId} = wanted.id and ${posting.createdAt} = wanted.at`)
        .orderBy(asc(posting.leg)),
    ),
    reader.read(tenantId, (db) =>
      db
        .select({ id: entryRequest.id, reversesId: entryRequest.reversesId })
        .from(entryRequest)
        .where(and(inArray(entryRequest.reversesId, ids), isNull(entryRequest.refusalCode))),
    ),
  ]);
  const byEntry = Map.groupBy(postings, (row) => row.entryId);
  const reversedBy = new Map(reversals.map((row) => [row.reversesId, row.id]));
  return rows.map((row) => ({
    ...row,
    legs: toLegs(byEntry.get(row.id) ?? []),
    reversedById: reversedBy.get(row.id) ?? null,
  }));
}

/** The postings of an entry in the order of its legs: of each leg a debit and a credit. */
function toLegs(postings: (typeof posting.$inferSelect)[]): Leg[] {
  const credits = new Map(postings.filter(({ side }) => side === 'credit').map((row) => [row.leg, row.accountId]));
  return postings
    .filter(({ side }) => side === 'debit')
    .map(({ leg, accountId, amount, currency }) => ({
      debitAccountId: accountId,
      creditAccountId: credits.get(leg) ?? '',
      amount: amount.toString(),
      currency,
    }));
}
