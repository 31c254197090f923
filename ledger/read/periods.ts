import { and, asc, desc, eq, gte, lt } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { period } from '../../drizzle/schema/entries.ts';
import { type Page, type PageRequest, toPage } from './page.ts';

/** A closed month. `month`: its first day; `closedBy`: as the audit writes it. */
export type PeriodRow = { month: string; closedBy: string; closedAt: Date };

const columns = { month: period.month, closedBy: period.closedBy, closedAt: period.closedAt };

/** How a month, by its first day, was closed: by itself, or with a later one. Null: it is open. */
export async function readPeriod(reader: Reader, tenantId: Uuid, month: string): Promise<PeriodRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(period)
      .where(and(eq(period.tenantId, tenantId), gte(period.month, month)))
      .orderBy(asc(period.month))
      .limit(1),
  );
  return rows[0] ? { ...rows[0], month } : null;
}

/** The months that the tenant closed, newest first. A place is the first instant of a month, and its number. */
export async function listPeriods(reader: Reader, tenantId: Uuid, page: PageRequest): Promise<Page<PeriodRow>> {
  const before = page.after === null ? undefined : lt(period.month, page.after.time.slice(0, 10));
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(period)
      .where(and(eq(period.tenantId, tenantId), before))
      .orderBy(desc(period.month))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, ({ month }) => ({ time: `${month}T00:00:00Z`, tiebreak: '0' }));
}
