import type pg from 'pg';
import { call } from '../call.ts';

/** `again`: it is attached; `not_last`: a later month was begun; `gone`: its tables are not there; `other_schema`: a migration changed the tables since; `busy`: try it again. */
export type AttachedMonth =
  | { result: 'attached' | 'again' | 'not_last' | 'gone' | 'other_schema' }
  | { result: 'busy' };

/** Attaches the month again that was detached last, or gives up detaching one. For an operator's login. Rules: `ledger.attach_month`. */
export const attachMonth = (
  pool: pg.Pool,
  { month, waitMs, actor }: { month: string; waitMs: number; actor: string },
): Promise<AttachedMonth> =>
  call(pool, 'select ledger.attach_month($1, $2, $3) as answer', [`${month}-01`, waitMs, actor]);
