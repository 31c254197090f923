import type pg from 'pg';
import { call } from '../call.ts';

/** Makes the monthly partitions of every partitioned table from now to `months` ahead (1 to 24). Again is harmless. */
export const makePartitions = (pool: pg.Pool, months: number): Promise<number> =>
  call(pool, 'select ledger.make_partitions($1) as answer', [months]);
