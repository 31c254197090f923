import type { Client } from '@temporalio/client';
import limitTo from 'p-limit';
import type pg from 'pg';
import { toPublic } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import { type DueStatements, openStatementMonths } from '../../ledger/statements/open-months.ts';
import type { Backlog } from '../../ledger/upkeep/backlog.ts';
import type { OpenStatementRunsResult } from '../../workflows/contract/steps.ts';
import type { Waits } from '../../workflows/contract/waits.ts';
import { type AlarmLateDeps, alarmLate } from './alarm-late.ts';
import { startStatementRun } from './start-run.ts';

export type OpenStatementRunsDeps = AlarmLateDeps & {
  pool: pg.Pool;
  client: Client;
  ledger: Pick<Ledger, 'noteRun'>;
  readBacklog: () => Promise<Pick<Backlog, 'statements'>>;
  /** Aborted when this process stops: no further start begins. */
  stopping: AbortSignal;
  /** This worker's own, for the runs that it starts. */
  waits: Waits;
};

/** Runs that one call of the ledger names. */
const runsPerCall = 200;
/** Calls of one round: the first minute of a month starts a thousand runs. */
const callsMax = 5;
/** Concurrent starts, so that the end of a month does not flood Temporal. */
const startsMax = 8;

/**
 * One round: asks the ledger whose months are over and not closed, and who waits for statements on request, and starts their runs. One that
 * runs is left running. Raises the alarms of what is late. Notes that it has looked, so that every process misses it when nobody does. Throws
 * the first start that failed at the end of all this: one run that cannot be started silences no alarm.
 */
export const openStatementRuns = (deps: OpenStatementRunsDeps) => async (): Promise<OpenStatementRunsResult> => {
  let runs = 0;
  let failed: { reason: unknown } | undefined;
  for (let n = 0; n < callsMax; n += 1) {
    const { due, isMore, unknownZones } = await openStatementMonths(deps.pool, { limit: runsPerCall });
    for (const tenantId of unknownZones) {
      const tenant = toPublic('tenant', tenantId);
      deps.alarms.raise('statement_zone_unknown', { tenant }, tenant);
    }
    failed = await startAll(due, deps);
    runs += due.length;
    // Of a tenant whose months ended long ago each call opens the next one.
    if (failed || (!isMore && !due.some(({ month }) => month !== null))) break;
  }
  alarmLate((await deps.readBacklog()).statements, deps);
  await deps.ledger.noteRun({ name: 'statements', gapMs: 3 * deps.waits.statementsEveryMs });
  if (failed) throw failed.reason;
  return { runs };
};

/** Tries all of them, and returns the first that failed. */
async function startAll(
  due: readonly DueStatements[],
  { client, stopping, waits }: OpenStatementRunsDeps,
): Promise<{ reason: unknown } | undefined> {
  const limit = limitTo(startsMax);
  const starts = due.map((of) =>
    limit(async () => {
      stopping.throwIfAborted();
      await startStatementRun(client, { ...of, waits });
    }),
  );
  return (await Promise.allSettled(starts)).find((start) => start.status === 'rejected');
}
