import type { StatementPlanRow } from '../../ledger/read/statement-plan.ts';
import type { StatementPlanView } from './schema.ts';

/** The plan as its tenant sees it. */
export const viewOfPlan = (row: StatementPlanRow): StatementPlanView => ({
  object: 'statement_plan',
  zone: row.zone,
  locale: row.locale,
  quiet: row.quiet,
  keep_years: row.keepYears,
  brand: row.brand,
  next: { month: row.nextMonth, starts_at: row.nextFromAt.toISOString(), ends_at: row.nextToAt.toISOString() },
  version: row.version,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
