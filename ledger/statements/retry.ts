import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/**
 * Makes what was put off due now, of a month or (null) of what no month's run makes, with its tries counted from the beginning; at most 5,000 a
 * call. Returns how many. For an operator's login. Rules: `ledger.retry_statements`.
 */
export const retryStatements = (
  pool: pg.Pool,
  { tenantId, month, actor }: { tenantId: Uuid; month: string | null; actor: string },
): Promise<number> => call(pool, 'select ledger.retry_statements($1, $2, $3) as answer', [tenantId, month, actor]);
