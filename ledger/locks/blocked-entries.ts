import type pg from 'pg';
import { call } from '../call.ts';
import { type EntryCommand, toEntryRow } from '../entries/post-entries.ts';
import type { Blocked } from './blocked.ts';

/** Which commands of `post_entries` would wait, by their ids. Waits for no lock itself. Rules: `ledger.blocked_entries`. */
export async function blockedEntries(pool: pg.Pool, commands: EntryCommand[]): Promise<Blocked> {
  const rows = JSON.stringify(commands.map(toEntryRow));
  return new Map(
    Object.entries(await call<Record<string, string>>(pool, 'select ledger.blocked_entries($1) as answer', [rows])),
  );
}
