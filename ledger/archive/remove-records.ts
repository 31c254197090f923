import type pg from 'pg';
import { call } from '../call.ts';

/** What one call removed. `isMore`: a further one may find something. */
export type RemovedRecords = { removed: number; isMore: boolean };

/**
 * Removes rows of reads and of refused sign-ins whose segment of the archive was finished `days` ago (at least 1), `rows` of each kind at most
 * (at most 10,000). What is left of them is in the archive.
 */
export async function removeArchivedRecords(
  pool: pg.Pool,
  { days, rows }: { days: number; rows: number },
): Promise<RemovedRecords> {
  const { removed, is_more: isMore } = await call<{ removed: number; is_more: boolean }>(
    pool,
    'select ledger.remove_archived_records($1, $2) as answer',
    [days, rows],
  );
  return { removed, isMore };
}
