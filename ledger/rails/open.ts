import type pg from 'pg';
import type { NetworkName } from '../../domain/rail.ts';
import { call } from '../call.ts';

/**
 * Opens a network, unless it is open: its row, and an account that clears it for every tenant and currency. Until then the
 * database refuses its transfers. Returns whether it is new. Throws for a name of another form than `a-z0-9_`.
 */
export const openRail = (pool: pg.Pool, rail: NetworkName): Promise<boolean> =>
  call(pool, 'select ledger.open_rail($1) as answer', [rail]);
