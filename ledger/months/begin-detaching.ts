import type pg from 'pg';
import type { DetachRefusal } from '../../domain/detaching.ts';
import { call } from '../call.ts';

/** A month is `yyyy-mm`. `keep`: how many whole months before this one stay attached, at least 3. */
export type MonthToDetach = { month: string; keep: number; actor: string };

/** `again`: somebody began before; `detached`: it is already. */
export type BegunDetaching =
  | { result: 'busy' }
  | { result: 'begun' | 'again' | 'detached' }
  | { result: 'refused'; refusals: DetachRefusal[] };

/** Begins to detach a month, or says why it may not be. For an operator's login. Rules: `ledger.begin_detaching`. */
export const beginDetaching = (pool: pg.Pool, { month, keep, actor }: MonthToDetach): Promise<BegunDetaching> =>
  call(pool, 'select ledger.begin_detaching($1, $2, $3) as answer', [`${month}-01`, keep, actor]);
