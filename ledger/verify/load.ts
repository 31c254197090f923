import type pg from 'pg';

/** So many commits of the ledger within that many seconds are load. */
const commits = 100;
const seconds = 100;

/**
 * Whether this server is the primary and the ledger commits about once a second or more. A verification keeps one snapshot for
 * minutes; meanwhile Postgres cannot clean up behind the rows that change most, and each change of them costs more.
 */
export async function isBusyPrimary(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ busy: boolean }>(
    `select not pg_is_in_recovery() and count(*) = $1 and min(created_at) > now() - make_interval(secs => $2) as busy
     from (select created_at from ledger.batch order by id desc limit $1) latest`,
    [commits, seconds],
  );
  return rows[0]?.busy ?? false;
}
