import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancellationSignal } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Uuid } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Taken } from '../../ledger/transfers/take-due.ts';
import { groupWorkflowId } from '../../workflows/contract/ids.ts';
import { type DueGroupInput, groupLimits } from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import type { TakeDueInput, TakeDueResult } from '../../workflows/contract/steps.ts';
import { changedWaits, type Waits, waitsOf } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

export type TakeDueDeps = {
  ledger: Pick<Ledger, 'takeDue' | 'noteRun'>;
  client: Client;
  /** This worker's own, for the groups that it starts. */
  waits: Waits;
  /** Aborted when this process stops: the run ends, and another worker takes the dispatcher's next one. */
  stopping: AbortSignal;
};

/** How often it notes that it looks: who finds that old knows that nobody does. */
const noteEveryMs = 10_000;
/** After a longer gap its notes count from the start. */
const noteGapMs = 60_000;
/** The wait between two looks even if rows seem due: they may wait for another group of their account. */
const pauseMinMs = 20;

/**
 * Looks for due rows of a rail for `waits.dispatchRunMs`, and starts a group for what it takes. What it took and did
 * not start, because it crashed in between, is due again when the handover ends. Two concurrent runs share the rows.
 */
export const takeDue =
  ({ ledger, client, stopping, waits: ownWaits }: TakeDueDeps) =>
  async (input: TakeDueInput): Promise<TakeDueResult> => {
    const { rail } = input;
    const waits = waitsOf(input);
    const started = { groups: 0, transfers: 0 };
    const ends = AbortSignal.any([AbortSignal.timeout(waits.dispatchRunMs), cancellationSignal(), stopping]);
    let notedAt = Number.NEGATIVE_INFINITY;
    while (!ends.aborted) {
      const groupId = randomUUIDv7();
      const limit = groupLimits.members;
      const taken = await ledger.takeDue({ rail, carrier: groupId, limit, leaseMs: waits.handoverMs });
      if (performance.now() - notedAt > noteEveryMs) {
        await ledger.noteRun({ name: `dispatch/${rail}`, gapMs: noteGapMs });
        notedAt = performance.now();
      }
      if (taken.ids.length > 0) {
        await startGroup(client, { groupId, rail, probe: taken.probe, waits: changedWaits(ownWaits) }, taken.ids);
        started.groups += 1;
        started.transfers += taken.ids.length;
      } else await pauseUntilDue(taken, waits, ends);
    }
    return started;
  };

async function startGroup(client: Client, input: DueGroupInput, ids: Uuid[]): Promise<void> {
  const { groupId, rail } = input;
  await ensureRunning(client, workflowTypes.dueGroup, {
    workflowId: groupWorkflowId(rail, groupId),
    lives: 'once',
    taskQueue: taskQueues.groups,
    args: [input, ids],
    staticSummary: `${ids.length} due ${ids.length === 1 ? 'transfer' : 'transfers'}, ${rail}`,
  });
}

async function pauseUntilDue({ waitMs }: Taken, { dispatchIdleMs }: Waits, ends: AbortSignal): Promise<void> {
  const ms = Math.min(Math.max(waitMs ?? dispatchIdleMs, pauseMinMs), dispatchIdleMs);
  // Ending the pause early is what the signal is for; the loop sees it.
  await sleep(ms, undefined, { signal: ends }).catch(() => undefined);
}
