import type pg from 'pg';
import { call } from '../call.ts';

/** The pieces of periodic work that are noted: the sweep, the expiry of holds, the look for statements, the archive, and the dispatcher of each rail (`dispatch/instant`). */
export type UpkeepRun = 'sweep' | 'hold_expiry' | 'statements' | 'archive' | `dispatch/${string}`;

/**
 * Notes that a piece of periodic work has finished. Returns for how long, in milliseconds, it has done so without a gap of more
 * than `gapMs`: 0 at its first run after one.
 */
export async function noteRun(pool: pg.Pool, { name, gapMs }: { name: UpkeepRun; gapMs: number }): Promise<number> {
  return Number(await call<string>(pool, 'select ledger.note_run($1, $2) as answer', [name, gapMs]));
}
