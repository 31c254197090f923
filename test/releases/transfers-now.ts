import type pg from 'pg';
import type { Names } from './names.ts';

/** Where each named transfer stands, as `scheduled send_on_date`. A client of its own is asked, whose queries are no part of a story. */
export async function transfersNow(client: Pick<pg.Client, 'query'>, names: Names): Promise<Record<string, string>> {
  const { rows } = await client.query<{ id: string; stands: string }>(
    "select id, concat_ws(' ', state, next_what) as stands from ledger.transfer",
  );
  const nameOf = new Map(Object.entries(names).map(([name, id]) => [id, name]));
  const named = rows.map(({ id, stands }) => [nameOf.get(id) ?? id, stands] as const);
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
