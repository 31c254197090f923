import { asc } from 'drizzle-orm';
import type { Reader } from '../../drizzle/client.ts';
import { rail } from '../../drizzle/schema/rails.ts';

export type RailRow = typeof rail.$inferSelect;

/** What every network is doing now. The table belongs to no tenant. */
export const listRails = (reader: Reader): Promise<RailRow[]> =>
  reader.readAll((db) => db.select().from(rail).orderBy(asc(rail.name)));
