import { and, desc, eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { webhookEndpoint } from '../../drizzle/schema/notices.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

// The API's role may not read the signing secret, so it is not among the columns.
const columns = {
  id: webhookEndpoint.id,
  url: webhookEndpoint.url,
  description: webhookEndpoint.description,
  eventTypes: webhookEndpoint.eventTypes,
  oldSecretUntil: webhookEndpoint.oldSecretUntil,
  status: webhookEndpoint.status,
  disabledReason: webhookEndpoint.disabledReason,
  version: webhookEndpoint.version,
  createdAt: webhookEndpoint.createdAt,
  updatedAt: webhookEndpoint.updatedAt,
};

export type EndpointRow = Pick<typeof webhookEndpoint.$inferSelect, keyof typeof columns>;

/** One endpoint of the tenant, or null. */
export async function readEndpoint(reader: Reader, tenantId: Uuid, id: Uuid): Promise<EndpointRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db.select(columns).from(webhookEndpoint).where(eq(webhookEndpoint.id, id)),
  );
  return rows[0] ?? null;
}

/** The tenant's endpoints, newest first. */
export async function listEndpoints(reader: Reader, tenantId: Uuid, page: PageRequest): Promise<Page<EndpointRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(webhookEndpoint)
      .where(
        and(eq(webhookEndpoint.tenantId, tenantId), after(page.after, webhookEndpoint.createdAt, webhookEndpoint.id)),
      )
      .orderBy(desc(webhookEndpoint.createdAt), desc(webhookEndpoint.id))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt.toISOString(), tiebreak: row.id }));
}
