import { toPublic } from '../../domain/ids.ts';
import { msLeft } from '../../domain/statement-pace.ts';
import type { StatementRunRow } from '../../ledger/read/statement-runs.ts';
import type { StatementRunView } from './schema.ts';

/** A run as operators see it. */
export function viewOfRun(run: StatementRunRow): StatementRunView {
  const leftMs = run.cutAt === null ? null : msLeft(run);
  return {
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
    left: Math.max(run.accounts - run.ready, 0),
    ready_per_minute: run.perMinute === null ? null : Math.round(run.perMinute),
    seconds_left: leftMs === null ? null : Math.ceil(leftMs / 1_000),
    attention: run.attention,
    created_at: run.openedAt.toISOString(),
    closed_at: run.closedAt?.toISOString() ?? null,
  };
}
