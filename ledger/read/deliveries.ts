import { and, desc, eq, gte } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { delivery } from '../../drizzle/schema/notices.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

export type DeliveryRow = typeof delivery.$inferSelect;

/** The filters of the list, by their names in the API. */
export type DeliveryFilter = {
  outcome?: DeliveryRow['outcome'] | undefined;
  created_from?: Date | undefined;
  created_to?: Date | undefined;
};

const conditions: Conditions<Omit<DeliveryFilter, 'created_to'>> = {
  outcome: (outcome) => eq(delivery.outcome, outcome),
  created_from: (from) => gte(delivery.createdAt, from.toISOString()),
};

/** What became of each try to tell an endpoint something, newest first. */
export async function listDeliveries(
  reader: Reader,
  tenantId: Uuid,
  { endpointId, filter, page }: { endpointId: Uuid; filter: DeliveryFilter; page: PageRequest },
): Promise<Page<DeliveryRow>> {
  const { created_to, ...filters } = filter;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(delivery)
      .where(
        and(
          eq(delivery.endpointId, endpointId),
          ...narrowing(filters, conditions),
          after(page.after, delivery.createdAt, delivery.id, created_to),
        ),
      )
      .orderBy(desc(delivery.createdAt), desc(delivery.id))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt, tiebreak: row.id }));
}
