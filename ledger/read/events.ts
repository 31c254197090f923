import { and, asc, eq, gte } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { event } from '../../drizzle/schema/entries.ts';

export type EventRow = typeof event.$inferSelect;

/** A transfer's story is short; a rail that keeps contradicting itself must not make the answer endless. */
const eventsMax = 1_000;

/** A transfer's story, from its first event. `since` is when the transfer was made: no earlier month is looked into. */
export const readEvents = (
  reader: Reader,
  tenantId: Uuid,
  { transferId, since }: { transferId: Uuid; since: Date },
): Promise<EventRow[]> =>
  reader.read(tenantId, (db) =>
    db
      .select()
      .from(event)
      .where(and(eq(event.transferId, transferId), gte(event.createdAt, since)))
      .orderBy(asc(event.version))
      .limit(eventsMax),
  );
