import type pg from 'pg';
import { call } from '../call.ts';
import type { Blocked } from './blocked.ts';

/** What a command about a hold needs: the hold, or the accounts of a new one. Ids are UUIDs. */
export type HoldNeeds = {
  id: string;
  tenant_id: string;
  key: string | null;
  hold_id?: string;
  source_account_id?: string;
  destination_account_id?: string;
};

/** Which commands about holds would wait, by their ids. Waits for no lock itself. Rules: `ledger.blocked_holds`. */
export async function blockedHolds(pool: pg.Pool, commands: readonly HoldNeeds[]): Promise<Blocked> {
  const text = 'select ledger.blocked_holds($1) as answer';
  return new Map(Object.entries(await call<Record<string, string>>(pool, text, [JSON.stringify(commands)])));
}
