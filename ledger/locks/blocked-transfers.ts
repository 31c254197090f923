import type pg from 'pg';
import { call } from '../call.ts';
import type { Blocked } from './blocked.ts';

/**
 * Which transfers could not be written now, by their ids. `withAccounts`: an account that a report about them may change counts too.
 * Waits for no lock itself. Rules: `ledger.blocked_transfers`.
 */
export async function blockedTransfers(
  pool: pg.Pool,
  { ids, withAccounts }: { ids: string[]; withAccounts: boolean },
): Promise<Blocked> {
  const text = 'select ledger.blocked_transfers($1, $2) as answer';
  return new Map(Object.entries(await call<Record<string, string>>(pool, text, [ids, withAccounts])));
}
