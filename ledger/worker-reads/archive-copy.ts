import type pg from 'pg';

/** A checkpoint as the first store has it. `sha256` in hex; `finishedAt` RFC 3339. */
export type StoredCheckpoint = {
  n: number;
  epoch: number;
  key: string;
  text: string;
  sha256: string;
  finishedAt: string;
};

/**
 * `newest`: the newest checkpoint, null when there is none or it is in the second store. `copiedMs`: how long ago one was put there, null for never.
 * `waitingMs`: for how long none was: since the last one, or since the first segment.
 */
export type CopyState = { newest: StoredCheckpoint | null; copiedMs: number | null; waitingMs: number };

/** How the second store stands, by the clock of the database. A copy that lies ahead of it was noted under a wrong one, and counts for none. */
export async function readCopyState(pool: pg.Pool): Promise<CopyState> {
  const { rows } = await pool.query<StoredCheckpoint & { isCopied: boolean; copiedMs: number | null; firstMs: number }>(
    `select s.n::int as n, s.epoch, o.key, s.checkpoint as text, encode(o.sha256, 'hex') as sha256, ledger.rfc3339(s.finished_at) as "finishedAt",
      s.copied_at is not null as "isCopied",
      (select ${msSince('c.copied_at')} from ledger.archive_segment c
        where c.copied_at is not null and c.copied_at <= now() order by c.copied_at desc limit 1) as "copiedMs",
      (select ${msSince('f.finished_at')} from ledger.archive_segment f where f.status = 'finished' order by f.n limit 1) as "firstMs"
     from (select * from ledger.archive_segment where status = 'finished' order by n desc limit 1) s
       join ledger.archive_object o on o.n = s.n and o.format = 'checkpoint'`,
  );
  const [row] = rows;
  if (!row) return { newest: null, copiedMs: null, waitingMs: 0 };
  const { isCopied, copiedMs, firstMs, ...newest } = row;
  return { newest: isCopied ? null : newest, copiedMs, waitingMs: copiedMs ?? firstMs };
}

const msSince = (column: string): string => `floor(extract(epoch from now() - ${column}) * 1000)::float8`;
