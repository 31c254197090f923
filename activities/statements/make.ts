import { createFairSemaphore } from '../../concurrency/fair-semaphore.ts';
import { takeStatements } from '../../ledger/statements/take.ts';
import type { MakeStatementsInput, MakeStatementsResult } from '../../workflows/contract/steps.ts';
import { waitsOf } from '../../workflows/contract/waits.ts';
import { countsOf } from './counts.ts';
import type { MakeStatementsDeps } from './deps.ts';
import { type Lane, makeOnLane } from './lane.ts';

/** Statements in flight for each thread: the others read, put and store meanwhile. A run has at most half of them. */
const inFlightPerThread = 8;
/** Statements in flight of one process, whatever its threads: each has a part in memory. */
const inFlightMax = 64;
/** Those on request, which wait for no month: people wait for them. */
const requestsInFlightMax = 4;

/**
 * Makes statements of one tenant until the time of the step is over, or until none can be taken now. The tenants that a process works for
 * have its places in turn, so that one with a hundred thousand statements keeps no other waiting; what was asked for has places of its own.
 */
export function makeStatements(
  deps: MakeStatementsDeps,
): (input: MakeStatementsInput) => Promise<MakeStatementsResult> {
  const months = createFairSemaphore(Math.min(inFlightPerThread * deps.threads, inFlightMax));
  const requests = createFairSemaphore(requestsInFlightMax);
  return async ({ tenantId, month, ...input }) => {
    const waits = waitsOf(input);
    const permits = month === null ? requests : months;
    const made =
      deps.open === null
        ? await withoutStore({ tenantId, month, waits }, deps)
        : await makeOnLane({ tenantId, month, waits }, { ...deps, ...deps.open(), permits });
    return { ...made, counts: month === null ? null : await countsOf(deps.pool, { tenantId, month }) };
  };
}

/** What waits, waits as rows; the round that looks for statements raises the alarm. */
async function withoutStore(
  { tenantId, month, waits }: Lane,
  { pool }: MakeStatementsDeps,
): Promise<Omit<MakeStatementsResult, 'counts'>> {
  const { left, waitMs } = await takeStatements(pool, { tenantId, month, limit: 0, leaseMs: 1 });
  return { made: 0, putOff: 0, left, waitMs: waitMs === null ? null : waits.statementsWaitMaxMs };
}
