import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';

/** A place in the log of the database, in bytes from its beginning: what was committed before it stands before it. */
export type Position = bigint;

/** Up to where the primary has written its log now. A database that has this has every commit that anybody was told of. */
export async function readPrimaryPosition(pool: pg.Pool): Promise<Position> {
  const { rows } = await pool.query<{ position: string }>(
    "select (pg_current_wal_lsn() - '0/0'::pg_lsn)::text as position",
  );
  return BigInt(rows[0]?.position ?? 0);
}

/** Up to where a standby shows what it received; null for a database that is none. */
export async function readStandbyPosition(pool: pg.Pool): Promise<Position | null> {
  const { rows } = await pool.query<{ position: string | null }>(
    "select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text end as position",
  );
  return rows[0]?.position == null ? null : BigInt(rows[0].position);
}

/**
 * Whether this standby shows everything up to a position, and these versions of balances or later ones. A later statement of the
 * same connection sees at least as much. The log is replayed in order, so with a version is everything that was committed before it.
 */
export async function hasReached(
  db: NodePgDatabase,
  position: Position,
  versions: ReadonlyMap<Uuid, bigint>,
): Promise<boolean> {
  const accountIds = `{${[...versions.keys()].join(',')}}`;
  const least = `{${[...versions.values()].join(',')}}`;
  const { rows } = await db.execute<{ reached: boolean }>(sql`
    select pg_is_in_recovery()
      and pg_last_wal_replay_lsn() - '0/0'::pg_lsn >= ${position.toString()}::numeric
      and ${versions.size} = (
        select count(*) from unnest(${accountIds}::uuid[], ${least}::numeric[]) as known (account_id, version)
        join ledger.balance as b on b.account_id = known.account_id and b.version >= known.version
      ) as reached`);
  return rows[0]?.reached === true;
}
