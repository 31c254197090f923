import { setTimeout as sleep } from 'node:timers/promises';
import { cancellationSignal } from '@temporalio/activity';
import type { FairSemaphore } from '../../concurrency/fair-semaphore.ts';
import { createTaskGroup } from '../../concurrency/task-group.ts';
import type { Uuid } from '../../domain/ids.ts';
import { type TakenStatement, type TakenStatements, takeStatements } from '../../ledger/statements/take.ts';
import { retentionFrom } from '../../storage/retention.ts';
import type { MakeStatementsResult } from '../../workflows/contract/steps.ts';
import type { Waits } from '../../workflows/contract/waits.ts';
import type { MakeStatementsDeps, StatementTools } from './deps.ts';
import { finishInTurn, type InTurnTools } from './in-turn.ts';
import { createTally } from './tally.ts';

/** Whose statements a step makes. */
export type Lane = { tenantId: Uuid; month: string | null; waits: Waits };
type LaneTools = Omit<MakeStatementsDeps, 'open'> & StatementTools & { permits: FairSemaphore };

/**
 * Statements that are taken together, and made one after the other under one permit. Taking is one commit that counts what is left, so it
 * costs the less the more are taken; what does not begin within its part of the lease is given back, so none waits behind a large one.
 */
const perTake = 8;
/** A wait that is not longer is waited for here; a longer one is the workflow's. */
const shortWaitMs = 5_000;

/** Takes statements and makes some of them concurrently, until none can be taken now, the time is over, or this process stops. */
export async function makeOnLane(lane: Lane, deps: LaneTools): Promise<Omit<MakeStatementsResult, 'counts'>> {
  const stops = AbortSignal.any([cancellationSignal(), deps.stopping]);
  const ends = AbortSignal.any([AbortSignal.timeout(lane.waits.statementsBudgetMs), stops]);
  const tools = toInTurnTools(deps, lane.waits, stops);
  const tally = createTally(deps.storage);
  const tasks = createTaskGroup();
  let left = 0;
  try {
    while (!ends.aborted && !tasks.hasFailed() && !deps.storage.isAway()) {
      const found = await takeWithPermit(lane, ends, deps);
      if (found === null) break;
      const { taken, waitMs } = found;
      left = found.left;
      if (taken.length > 0)
        void tasks.start(finishInTurn(taken, tools, tally).finally(() => deps.permits.release(ownerOf(lane))));
      else if (tasks.size() > 0) await tasks.waitForOne();
      else if (waitMs === null || waitMs > shortWaitMs) return { ...tally.counts(), left, waitMs };
      else await pause(waitMs, ends);
    }
  } finally {
    await tasks.waitForAll();
  }
  return { ...tally.counts(), left, waitMs: deps.storage.isAway() ? deps.terms.storageRetryMs : 0 };
}

/** A run of statements is to its tenant what a bank is to a tenant's transfers: a part of it, with a share of its own. */
const ownerOf = ({ tenantId, month }: Lane) => ({ tenantId, part: `${tenantId} ${month ?? 'on request'}` });

/** The permit before the statements: what waits for its turn is not taken from others. Null: the time was over before the turn came. */
async function takeWithPermit(
  lane: Lane,
  ends: AbortSignal,
  { permits, pool }: LaneTools,
): Promise<TakenStatements | null> {
  if (!(await permits.acquire(ownerOf(lane), ends))) return null;
  const { tenantId, month, waits } = lane;
  let hasWork = false;
  try {
    const found = await takeStatements(pool, { tenantId, month, limit: perTake, leaseMs: waits.statementsLeaseMs });
    hasWork = found.taken.length > 0;
    return found;
  } finally {
    if (!hasWork) permits.release(ownerOf(lane));
  }
}

/** A tenant may ask for more years than the platform, never for fewer. */
function toInTurnTools(
  { retention: { mode, years }, ...deps }: LaneTools,
  { statementsLeaseMs: leaseMs }: Waits,
  signal: AbortSignal,
): InTurnTools {
  const retentionOf = ({ facts, keepYears }: TakenStatement) =>
    retentionFrom(new Date(facts.toAt), { mode, years: Math.max(keepYears, years) });
  return { ...deps, retentionOf, leaseMs, signal };
}

async function pause(ms: number, ends: AbortSignal): Promise<void> {
  // Ending the pause early is what the signal is for; the loop sees it.
  await sleep(ms, undefined, { signal: ends }).catch(() => undefined);
}
