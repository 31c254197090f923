import type pg from 'pg';
import { check } from '../../domain/check.ts';
import { statementProgress } from '../../ledger/worker-reads/statement-runs.ts';
import type { StatementCounts } from '../../workflows/contract/messages.ts';
import type { StatementMonth } from '../../workflows/contract/steps.ts';

/** How far the statements of a month are, by counters of its row. */
export async function countsOf(pool: pg.Pool, of: StatementMonth): Promise<StatementCounts> {
  const progress = await statementProgress(pool, of);
  check(progress, 'a month that has a run was opened');
  const { accounts, ready, attention, pace } = progress;
  return { accounts, ready, attention, pace };
}
