import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';

/**
 * How far the statements of a month are. `waiting`: a commit of the month may still run; `accounts`: statements that were cut, of which
 * `ready` are stored and `attention` need a person's attention; `pace`: how many may be taken a minute, null: as many as can.
 */
export type StatementProgress = {
  status: 'waiting' | 'cutting' | 'making' | 'closed';
  accounts: number;
  ready: number;
  attention: number;
  pace: number | null;
};

/** Reads counters, not statements, so it costs the same for any number of them. Null when that month was never opened. */
export async function statementProgress(
  pool: pg.Pool,
  { tenantId, month }: { tenantId: Uuid; month: string },
): Promise<StatementProgress | null> {
  const { rows } = await pool.query<StatementProgress>({
    text: `select m.status, m.accounts, m.pace, coalesce(sum(t.ready), 0)::int as ready, coalesce(sum(t.attention), 0)::int as attention
      from ledger.statement_month m
      left join ledger.statement_tally t on t.tenant_id = m.tenant_id and t.month = m.month
      where m.tenant_id = $1 and m.month = $2
      group by m.tenant_id, m.month`,
    values: [tenantId, month],
  });
  return rows[0] ?? null;
}
