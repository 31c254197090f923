import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/**
 * Sets how many statements of a month may be taken a minute: 0 pauses it, null leaves it free. False when there is no such month that is not closed. For
 * the logins of the API and of an operator.
 */
export const setStatementPace = (
  pool: pg.Pool,
  { tenantId, month, pace, actor }: { tenantId: Uuid; month: string; pace: number | null; actor: string },
): Promise<boolean> =>
  call(pool, 'select ledger.set_statement_pace($1, $2, $3, $4) as answer', [tenantId, month, pace, actor]);
