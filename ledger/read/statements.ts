import { and, asc, eq, getTableColumns, gt, type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { StatementKind, StatementPosting, StatementStatus } from '../../domain/statement.ts';
import type { Reader } from '../../drizzle/client.ts';
import { statement, statementObject } from '../../drizzle/schema/statements.ts';
import { postingsOf, type StatementPostingsRow, toStatementPostings } from '../worker-reads/statement-postings.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, type Place, toPage } from './page.ts';
import { endOf, lookedAtMax, meeting, newestFirst } from './walk.ts';

/**
 * A statement with the edition that took its place. `moneyIn`, `moneyOut`, their counts and what was late cover the postings up to `summedSeq`,
 * which is `toSeq` for every statement that is ready.
 */
export type StatementRow = typeof statement.$inferSelect & { replacedById: Uuid | null };

/** What is stored of a statement, each in a version of the store. */
export type StatementObjectRow = typeof statementObject.$inferSelect;

/** The parameters of the list, as `GET /v1/statements` names them. Every one narrows it. */
export type StatementFilter = {
  account_id?: Uuid | undefined;
  month?: string | undefined;
  kind?: StatementKind | undefined;
  status?: StatementStatus | undefined;
};

const conditions: Conditions<StatementFilter> = {
  account_id: (id) => eq(statement.accountId, id),
  month: (month) => eq(statement.month, month),
  kind: (kind) => eq(statement.kind, kind),
  status: (status) => eq(statement.status, status),
};

const columns = {
  ...getTableColumns(statement),
  replacedById: sql<Uuid | null>`(select later.id from ${statement} later where later.replaces_id = statement.id)`.as(
    'replaced_by_id',
  ),
};

/** One statement of the tenant, or null. */
export async function readStatement(reader: Reader, tenantId: Uuid, id: Uuid): Promise<StatementRow | null> {
  const rows = await reader.read(tenantId, (db) => db.select(columns).from(statement).where(eq(statement.id, id)));
  return rows[0] ?? null;
}

/**
 * The tenant's statements, newest first. With filters beyond the one of an index a page ends after {@link lookedAtMax} of them: it
 * may be short or empty, and yet have a next one.
 */
export async function listStatements(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: StatementFilter; page: PageRequest },
): Promise<Page<StatementRow>> {
  const { by, others } = walkOf(filter);
  const rest = narrowing(others, conditions).filter((condition) => condition !== undefined);
  const along = and(eq(statement.tenantId, tenantId), by, after(page.after, statement.createdAt, statement.id));
  const walked = sql`(select ${statement.id}, ${statement.createdAt} from ${statement} where ${along}
    order by ${statement.createdAt} desc, ${statement.id} desc limit ${rest.length === 0 ? page.limit + 1 : lookedAtMax})`;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(statement)
      .innerJoin(
        sql`${meeting(walked, { key: statement.id, conditions: rest, limit: page.limit + 1 })} walked`,
        sql`walked.id = ${statement.id}`,
      )
      .orderBy(newestFirst)
      .limit(page.limit + 1),
  );
  const found = toPage(rows, page.limit, placeOf);
  return found.next || rest.length === 0 ? found : { ...found, next: await readEnd(reader, tenantId, walked) };
}

/** Which index a list goes along. Few statements are cut and not ready, few are not monthly; of the others no index is needed to find a page. */
function walkOf({ account_id: account, month, kind, status }: StatementFilter): {
  by: SQL | undefined;
  others: StatementFilter;
} {
  if (account !== undefined) return { by: conditions.account_id(account), others: { month, kind, status } };
  if (month !== undefined) return { by: conditions.month(month), others: { kind, status } };
  // With its text in the query, so that the planner sees the predicate of the index.
  if (status === 'cut') return { by: sql`${statement.status} = 'cut'`, others: { kind } };
  if (kind === 'final') return { by: sql`${statement.kind} = 'final'`, others: { status } };
  if (kind === 'interim') return { by: sql`${statement.kind} = 'interim'`, others: { status } };
  return { by: undefined, others: { kind, status } };
}

/** The last statement that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: SQL): Promise<Place | null> {
  const { id, createdAt } = statement;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id, createdAt })
      .from(statement)
      .where(sql`${id} = ${endOf(walked)}`),
  );
  return rows[0] ? placeOf(rows[0]) : null;
}

const placeOf = ({ id, createdAt }: Pick<StatementRow, 'id' | 'createdAt'>): Place => ({
  time: createdAt.toISOString(),
  tiebreak: id,
});

/** What is stored of a statement in one format: the whole, or the manifest, is part 0; the parts behind `after`, at most `limit`. */
export const listStatementObjects = (
  reader: Reader,
  tenantId: Uuid,
  {
    statementId,
    format,
    after: part,
    limit,
  }: { statementId: Uuid; format: 'json' | 'pdf'; after: number; limit: number },
): Promise<StatementObjectRow[]> =>
  reader.read(tenantId, (db) =>
    db
      .select()
      .from(statementObject)
      .where(
        and(
          eq(statementObject.statementId, statementId),
          eq(statementObject.format, format),
          gt(statementObject.part, part),
        ),
      )
      .orderBy(asc(statementObject.part))
      .limit(limit),
  );

/** A page of the postings of a statement, in their sequence. The range is fixed, so pages never overlap and never change. */
export async function listStatementPostings(
  reader: Reader,
  tenantId: Uuid,
  { statementId, page }: { statementId: Uuid; page: PageRequest },
): Promise<Page<StatementPosting>> {
  const place = page.after && { at: page.after.time, seq: BigInt(page.after.tiebreak) };
  const found = await reader.read(tenantId, (db) =>
    db.execute<StatementPostingsRow>(postingsOf({ tenantId, statementId, after: place, limit: page.limit + 1 })),
  );
  const rows = toStatementPostings(found.rows);
  return toPage(rows, page.limit, ({ at, seq }) => ({ time: new Date(at).toISOString(), tiebreak: seq.toString() }));
}
