import { and, desc, eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { delivery } from '../../drizzle/schema/notices.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

export type DeliveryRow = typeof delivery.$inferSelect;

/** What became of each try to tell an endpoint something, newest first. */
export async function listDeliveries(
  reader: Reader,
  tenantId: Uuid,
  { endpointId, page }: { endpointId: Uuid; page: PageRequest },
): Promise<Page<DeliveryRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(delivery)
      .where(and(eq(delivery.endpointId, endpointId), after(page.after, delivery.createdAt, delivery.id)))
      .orderBy(desc(delivery.createdAt), desc(delivery.id))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt, tiebreak: row.id }));
}
