import { toPublic } from '../../domain/ids.ts';
import type { StatementRunRow } from '../../ledger/read/statement-runs.ts';
import type { StatementRunView } from './schema.ts';

/** A run as operators see it. */
export const viewOfRun = (run: StatementRunRow): StatementRunView => ({
  object: 'statement_run',
  tenant_id: toPublic('tenant', run.tenantId),
  month: run.month,
  status: run.status,
  zone: run.zone,
  starts_at: run.fromAt.toISOString(),
  ends_at: run.toAt.toISOString(),
  pace: run.pace,
  statements: run.accounts,
  ready: run.ready,
  attention: run.attention,
  created_at: run.openedAt.toISOString(),
  closed_at: run.closedAt?.toISOString() ?? null,
});
