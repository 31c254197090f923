import type pg from 'pg';
import type { NetworkName } from '../../domain/rail.ts';
import { call } from '../call.ts';

/**
 * Registers a network, unless it has its row: the row, and an account that clears it for every tenant and currency. Until
 * then the database refuses its transfers. Returns whether it is new. Throws for a name of another form than `a-z0-9_`.
 */
export const registerRail = (pool: pg.Pool, rail: NetworkName): Promise<boolean> =>
  call(pool, 'select ledger.register_rail($1) as answer', [rail]);
