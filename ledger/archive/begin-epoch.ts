import type pg from 'pg';
import { call } from '../call.ts';

/** What the store has of the epoch that ends: segments that the database does not know, and the newest checkpoint over them. */
export type AbandonedSegments = { fromN: number; toN: number; checkpoint: string };

/** Begins another epoch of the archive, for the database's owner. Rules: `ledger.begin_archive_epoch`. */
export const beginArchiveEpoch = (
  pool: pg.Pool,
  { abandoned, reason, actor }: { abandoned: AbandonedSegments | null; reason: string; actor: string },
): Promise<{ epoch: number }> =>
  call(pool, 'select ledger.begin_archive_epoch($1, $2, $3) as answer', [
    abandoned && JSON.stringify({ from_n: abandoned.fromN, to_n: abandoned.toN, checkpoint: abandoned.checkpoint }),
    reason,
    actor,
  ]);
