import { bigint, customType, pgSchema, timestamp } from 'drizzle-orm/pg-core';

/** The schema of the ledger. Its tables are declared here for reading, and made by the migrations; a test compares the two. */
export const ledger = pgSchema('ledger');

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });
export const pgSnapshot = customType<{ data: string; driverData: string }>({ dataType: () => 'pg_snapshot' });
/** Milliseconds are what our commits have, so a JS Date loses nothing. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Has microseconds, which a Date loses and a page's cursor needs: the text that Postgres prints. */
export const exactInstant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
/** A figure that may exceed a double's precision: minor units, sequence numbers, versions. */
export const count = (name: string) => bigint(name, { mode: 'bigint' });
