import { TimeoutType } from '@temporalio/common';
import { ActivityFailure, CancellationScope, TimeoutFailure } from '@temporalio/workflow';
import type { Uuid } from '../../domain/ids.ts';
import type { NetworkName, RailName } from '../../domain/rail.ts';
import type { BoundSteps } from '../activity-table.ts';
import type { SubmitInput, SubmitResult } from '../contract/steps.ts';
import { changedWaits, type Waits } from '../contract/waits.ts';

/** A group, and how its members are sent. */
export type Group = Pick<SubmitInput, 'groupId' | 'probe'> & {
  rail: RailName;
  waits: Waits;
  steps: BoundSteps;
};

/**
 * Sends members that are `submitting` to their rail until none is left: a round of `submit` ends when its time is over, and
 * the next one takes those that it did not reach. Each member whose outcome may be unknown gets an inquiry, also when the
 * group was cancelled while it sent. Those that a cancelled group did not reach are left to the sweep.
 */
export async function carry(group: Group, ids: Uuid[]): Promise<void> {
  const { rail, steps, waits } = group;
  if (rail === 'book') return;
  let left = ids;
  while (left.length > 0) {
    const round = await submitOrPutOff({ ...group, rail }, left);
    const { toInquire } = round;
    if (toInquire.length > 0)
      await CancellationScope.nonCancellable(() =>
        steps.startInquiries({ ids: toInquire, waits: changedWaits(waits) }),
      );
    left = round.left;
  }
}

/**
 * One round. When no worker of the rail takes it, its members wait as rows again: a group must not wait without end. An
 * earlier run may have sent some of them before its worker was lost: the ledger knows, and makes those unknown.
 */
async function submitOrPutOff(group: Group & { rail: NetworkName }, ids: Uuid[]): Promise<SubmitResult> {
  const { groupId, rail, probe, steps, waits } = group;
  try {
    const budgetMs = waits.submitBudgetMs;
    return await steps.submit({ groupId, rail, ids, probe, budgetMs });
  } catch (error) {
    if (!hasNoWorker(error)) throw error;
    // They are due after the same time again, so that a rail without workers costs a few events a minute and transfer.
    const { toInquire } = await steps.putOff({ groupId, rail, ids, nextInMs: waits.submitQueueMs });
    return { left: [], toInquire };
  }
}

const hasNoWorker = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START;
