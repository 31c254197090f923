import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { cancellationSignal } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Uuid } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Taken } from '../../ledger/transfers/take-due.ts';
import { groupWorkflowId } from '../../workflows/contract/ids.ts';
import { type GroupInput, groupLimits } from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { TakeDueInput, TakeDueResult } from '../../workflows/contract/steps.ts';
import { type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';
import { withHeartbeat } from '../heartbeat.ts';
import { newerWaits } from '../newer-waits.ts';

export type TakeDueDeps = {
  ledger: Pick<Ledger, 'takeDue'>;
  client: Client;
  /** This worker's own, for the groups that it starts. */
  waits: Waits;
  /** Aborted when this process goes down: the run ends, and the drain's next one is another worker's. */
  stopping: AbortSignal;
};

/** Between two looks even if rows seem to be due: what is due may wait for another group of its account. */
const pauseLeastMs = 20;

/**
 * Looks for due rows of a rail for `waits.drainRunMs`, and starts a group for whatever it takes. What it took and could
 * not start, because it died in between, falls due again when the lease ends. Run twice at once, the two share the rows.
 */
export const takeDue = (
  { ledger, client, stopping, ...own }: TakeDueDeps,
  input: TakeDueInput,
): Promise<TakeDueResult> =>
  withHeartbeat(async () => {
    const { rail } = input;
    const waits = waitsOf(input);
    const drained = { groups: 0, transfers: 0 };
    const ends = AbortSignal.any([AbortSignal.timeout(waits.drainRunMs), cancellationSignal(), stopping]);
    while (!ends.aborted) {
      const groupId = randomUUIDv7();
      const limit = groupLimits.members;
      const taken = await ledger.takeDue({ rail, carrier: groupId, limit, leaseMs: waits.drainLeaseMs });
      if (taken.ids.length > 0) {
        await startGroup(client, { groupId, rail, origin: 'drain', probe: taken.probe, waits: own.waits }, taken.ids);
        drained.groups += 1;
        drained.transfers += taken.ids.length;
      } else await pauseUntilDue(taken, waits, ends);
    }
    return { ...drained, ...newerWaits(input, own.waits) };
  });

async function startGroup(client: Client, input: GroupInput, ids: Uuid[]): Promise<void> {
  const { groupId, rail } = input;
  await ensureRunning(client, workflowTypes.transferGroup, {
    workflowId: groupWorkflowId(rail, groupId),
    lives: 'once',
    taskQueue: taskQueues.groups,
    args: [input, ...ids],
    staticSummary: `${ids.length} due ${ids.length === 1 ? 'transfer' : 'transfers'}, ${rail}`,
  });
}

async function pauseUntilDue({ waitMs }: Taken, { drainIdleMs }: Waits, ends: AbortSignal): Promise<void> {
  const ms = Math.min(Math.max(waitMs ?? drainIdleMs, pauseLeastMs), drainIdleMs);
  // Ending the pause early is what the signal is for; the loop sees it.
  await pause(ms, undefined, { signal: ends }).catch(() => undefined);
}
