import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** Gives back a statement that was taken and not tried: it may be taken at once. False when the lease was lost. Rules: `ledger.give_back_statement`. */
export const giveBackStatement = (pool: pg.Pool, { id, lease }: { id: Uuid; lease: string }): Promise<boolean> =>
  call(pool, 'select ledger.give_back_statement($1, $2) as answer', [id, lease]);
