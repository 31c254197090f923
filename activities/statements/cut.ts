import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { cutStatements as cutPage } from '../../ledger/statements/cut.ts';
import type { CutStatementsResult, StatementMonth } from '../../workflows/contract/steps.ts';
import { countsOf } from './counts.ts';

export type CutStatementsDeps = {
  pool: pg.Pool;
  /** Aborted when this process stops: another worker goes on behind the last page. */
  stopping: AbortSignal;
};

/** Accounts of one call: a second on a slow machine. */
const accountsAtOnce = 500;

/** Heartbeats leave this many times per heartbeat timeout, so that one or two may get lost. */
const heartbeatsPerTimeout = 4;

/**
 * Cuts the statements of a tenant's month, a page of accounts at a time. Each heartbeat has the place behind the last page, where the
 * next run of this step goes on; a page that is cut twice is cut once. They leave during a page too: the wait for a connection may be longer
 * than their timeout.
 */
export const cutStatements =
  ({ pool, stopping }: CutStatementsDeps) =>
  async ({ tenantId, month }: StatementMonth): Promise<CutStatementsResult> => {
    let after = placeOfLastRun();
    const beat = (): void => heartbeat({ after });
    const timer = setInterval(beat, (activityInfo().heartbeatTimeoutMs || 10_000) / heartbeatsPerTimeout);
    try {
      for (;;) {
        cancellationSignal().throwIfAborted();
        stopping.throwIfAborted();
        beat();
        const page = await cutPage(pool, { tenantId, month, after, limit: accountsAtOnce });
        if (page.status === 'waiting') return { status: 'waiting', waitMs: page.waitMs };
        if (page.last === null) return { status: 'cut', ...(await countsOf(pool, { tenantId, month })) };
        after = page.last;
      }
    } finally {
      clearInterval(timer);
    }
  };

function placeOfLastRun(): Uuid | null {
  const details: unknown = activityInfo().heartbeatDetails;
  const after = typeof details === 'object' && details !== null && 'after' in details ? details.after : null;
  return typeof after === 'string' ? after : null;
}
