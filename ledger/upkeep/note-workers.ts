import type pg from 'pg';
import { call } from '../call.ts';

/** Notes that a process serves these task queues now. Others read how long ago that was (`liveness.ts`). */
export const noteWorkers = (pool: pg.Pool, queues: readonly string[]): Promise<number> =>
  call(pool, 'select ledger.note_workers($1) as answer', [queues]);
