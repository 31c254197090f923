import { and, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { statementMonth, statementTally } from '../../drizzle/schema/statements.ts';
import { type Page, type PageRequest, toPage } from './page.ts';

/**
 * A month of the tenant's statements, with how many of them are ready and how many need attention. `perMinute`: how many became ready in a minute,
 * lately; null while it is not cut.
 */
export type StatementRunRow = typeof statementMonth.$inferSelect & {
  ready: number;
  attention: number;
  perMinute: number | null;
};

const tallied = (column: typeof statementTally.ready | typeof statementTally.attention) =>
  sql<number>`(select coalesce(sum(${column}), 0)::int from ${statementTally}
    where ${and(eq(statementTally.tenantId, statementMonth.tenantId), eq(statementTally.month, statementMonth.month))})`;

const columns = {
  ...getTableColumns(statementMonth),
  ready: tallied(statementTally.ready).as('ready'),
  attention: tallied(statementTally.attention).as('attention'),
  perMinute: sql<number | null>`ledger.statements_per_minute(${statementMonth.tenantId}, ${statementMonth.month},
    ${statementMonth.cutAt})`.as('per_minute'),
};

/** One month (yyyy-mm) of the tenant's statements, or null while it is not opened. */
export async function readStatementRun(reader: Reader, tenantId: Uuid, month: string): Promise<StatementRunRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(statementMonth)
      .where(and(eq(statementMonth.tenantId, tenantId), eq(statementMonth.month, month))),
  );
  return rows[0] ?? null;
}

/** The months of the tenant's statements that were opened, newest first. A place is the first day of a month. */
export async function listStatementRuns(
  reader: Reader,
  tenantId: Uuid,
  page: PageRequest,
): Promise<Page<StatementRunRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(statementMonth)
      .where(
        and(
          eq(statementMonth.tenantId, tenantId),
          page.after ? lt(statementMonth.month, page.after.time.slice(0, 7)) : undefined,
        ),
      )
      .orderBy(desc(statementMonth.month))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: `${row.month}-01T00:00:00Z`, tiebreak: '0' }));
}
