import type pg from 'pg';
import { call } from '../call.ts';

/** Notes that the checkpoint of segment `n` is in the second store. False when that is noted. Rules: `ledger.note_archive_copy`. */
export const noteArchiveCopy = (pool: pg.Pool, n: number): Promise<boolean> =>
  call(pool, 'select ledger.note_archive_copy($1) as answer', [n]);
