import { and, asc, eq, gte } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { event } from '../../drizzle/schema/entries.ts';

/** An event as it is read. */
export type EventRow = Pick<typeof event.$inferSelect, keyof typeof columns>;

const columns = {
  id: event.id,
  subjectType: event.subjectType,
  subjectId: event.subjectId,
  version: event.version,
  fromState: event.fromState,
  cause: event.cause,
  toState: event.toState,
  evidence: event.evidence,
  createdAt: event.createdAt,
};

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
      .select(columns)
      .from(event)
      .where(and(eq(event.subjectId, transferId), gte(event.createdAt, since)))
      .orderBy(asc(event.version))
      .limit(eventsMax),
  );
