import type pg from 'pg';

/** Which transactions, the last not included. */
export type RecordRange = { fromXid: string; toXid: string };

/** Batches of the book that are read together. `firstAt` and `lastAt`: of their times, as the database writes them, so that other months are not looked at. */
export type BatchPage = { ids: readonly string[]; firstAt: string; lastAt: string };

/**
 * What these transactions wrote in the book, as pages of about `pageRows` commands and entries: a batch is never split, because each batch is one call of the ledger,
 * which has a bound.
 */
export async function readArchiveBatches(
  pool: pg.Pool,
  { fromXid, toXid }: RecordRange,
  pageRows: number,
): Promise<BatchPage[]> {
  const { rows } = await pool.query<BatchPage>(
    `select array_agg(b.id::text) as ids, min(b.created_at)::text as "firstAt", max(b.created_at)::text as "lastAt"
     from (
       select id, created_at, (sum(greatest(commands + entries, 1)) over (order by xid, id) - 1) / $3::int as page
       from ledger.batch where xid >= $1::xid8 and xid < $2::xid8
     ) b group by b.page order by b.page`,
    [fromXid, toXid, pageRows],
  );
  return rows;
}
