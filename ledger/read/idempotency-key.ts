import { and, eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { idempotencyKey } from '../../drizzle/schema/transfers.ts';

/** Whether a request of the tenant has used the key. One that has stays so; one that has not may be used a moment later. */
export async function readIsKeyUsed(reader: Reader, tenantId: Uuid, key: string): Promise<boolean> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ key: idempotencyKey.key })
      .from(idempotencyKey)
      .where(and(eq(idempotencyKey.tenantId, tenantId), eq(idempotencyKey.key, key))),
  );
  return rows.length > 0;
}
