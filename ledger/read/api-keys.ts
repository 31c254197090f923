import { and, desc, eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { apiKey } from '../../drizzle/schema/access.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

// The API's role may not read the hash, so it is not among the columns.
const columns = {
  id: apiKey.id,
  name: apiKey.name,
  last4: apiKey.last4,
  scopes: apiKey.scopes,
  rateLimit: apiKey.rateLimit,
  expiresAt: apiKey.expiresAt,
  revokedAt: apiKey.revokedAt,
  createdAt: apiKey.createdAt,
  createdBy: apiKey.createdBy,
  accountIds: apiKey.accountIds,
  amountMax: apiKey.amountMax,
  addresses: apiKey.addresses,
  replacesId: apiKey.replacesId,
  lastUsedAt: apiKey.lastUsedAt,
};

export type ApiKeyRow = Omit<typeof apiKey.$inferSelect, 'hash' | 'tenantId' | 'version'>;

/** One key of the tenant, revoked or not, or null. */
export async function readApiKey(reader: Reader, tenantId: Uuid, id: Uuid): Promise<ApiKeyRow | null> {
  const rows = await reader.read(tenantId, (db) => db.select(columns).from(apiKey).where(eq(apiKey.id, id)));
  return rows[0] ?? null;
}

/** The tenant's keys, newest first, revoked ones among them. */
export async function listApiKeys(reader: Reader, tenantId: Uuid, page: PageRequest): Promise<Page<ApiKeyRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(apiKey)
      .where(and(eq(apiKey.tenantId, tenantId), after(page.after, apiKey.createdAt, apiKey.id)))
      .orderBy(desc(apiKey.createdAt), desc(apiKey.id))
      .limit(page.limit + 1),
  );
  return toPage(rows, page.limit, (row) => ({ time: row.createdAt, tiebreak: row.id }));
}
