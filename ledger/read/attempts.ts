import { asc, eq } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { attempt, send } from '../../drizzle/schema/transfers.ts';

type SendRow = typeof send.$inferSelect;
export type AttemptRow = typeof attempt.$inferSelect & { sends: SendRow[] };

/** At most 32 attempts of 1,000 sends can exist; an answer shows this many sends. */
const sendsMax = 1_000;

/** The attempts of a transfer with their sends, in the order they were made. */
export async function readAttempts(reader: Reader, tenantId: Uuid, transferId: Uuid): Promise<AttemptRow[]> {
  const rows = await reader.read(tenantId, (db) =>
    db.select().from(attempt).where(eq(attempt.transferId, transferId)).orderBy(asc(attempt.n)),
  );
  if (rows.length === 0) return [];
  const sends = await reader.read(tenantId, (db) =>
    db
      .select()
      .from(send)
      .where(eq(send.transferId, transferId))
      .orderBy(asc(send.attemptN), asc(send.n))
      .limit(sendsMax),
  );
  return rows.map((row) => ({ ...row, sends: sends.filter((one) => one.attemptN === row.n) }));
}
