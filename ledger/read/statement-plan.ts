import { eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { statementPlan } from '../../drizzle/schema/statements.ts';

export type StatementPlanRow = typeof statementPlan.$inferSelect;

/** How the tenant's statements are made. Every tenant has a plan; null: there is no such tenant. */
export async function readStatementPlan(reader: Reader, tenantId: Uuid): Promise<StatementPlanRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db.select().from(statementPlan).where(eq(statementPlan.tenantId, tenantId)),
  );
  return rows[0] ?? null;
}
