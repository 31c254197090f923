import type pg from 'pg';
import type { DetachRefusal } from '../../domain/detaching.ts';
import { call } from '../call.ts';
import type { MonthToDetach } from './begin-detaching.ts';

/** `again`: it was detached before; `busy`: a lock was not to be had in time, try it again. */
export type DetachedMonth =
  | { result: 'busy' }
  | { result: 'detached' | 'again' | 'not_kept' }
  | { result: 'refused'; refusals: DetachRefusal[] };

/** Detaches a month of which everything is kept. `waitMs`: for how long others may wait for it. Rules: `ledger.detach_month`. */
export const detachMonth = (
  pool: pg.Pool,
  { month, keep, waitMs, actor }: MonthToDetach & { waitMs: number },
): Promise<DetachedMonth> =>
  call(pool, 'select ledger.detach_month($1, $2, $3, $4) as answer', [`${month}-01`, keep, waitMs, actor]);
