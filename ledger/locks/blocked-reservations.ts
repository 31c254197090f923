import type pg from 'pg';
import { call } from '../call.ts';
import { type ReserveCommand, toReserveRow } from '../transfers/reserve.ts';
import type { Blocked } from './blocked.ts';

/** Which commands of `reserve` would wait, by the ids of their requests. Waits for no lock itself. Rules: `ledger.blocked_reservations`. */
export async function blockedReservations(pool: pg.Pool, commands: ReserveCommand[]): Promise<Blocked> {
  const rows = JSON.stringify(commands.map(toReserveRow));
  const text = 'select ledger.blocked_reservations($1) as answer';
  return new Map(Object.entries(await call<Record<string, string>>(pool, text, [rows])));
}
