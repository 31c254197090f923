import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import { type DeliveryInput, wakeSignal } from '../contract/messages.ts';
import { changedWaits, waitsOf } from '../contract/waits.ts';
import { toWords } from '../words.ts';

/**
 * Sends one webhook endpoint the notices of its tenant's transfers. One workflow an endpoint, on a queue of its own, so that
 * a dead receiver delays no other.
 *
 *   1. deliver   sends every notice that is due, and learns when the next one may be sent
 *   2. wait      until then, or until a signal says that there is a new one
 *   … until no notice was left, and none came for a while.
 *
 * A receiver that is down is paused by the ledger: nothing is sent to it, and nobody wakes its delivery, before the pause is over.
 */
export async function delivery(input: DeliveryInput): Promise<void> {
  const { endpointId } = input;
  let waits = waitsOf(input);
  let isWoken = false;
  setHandler(wakeSignal, () => {
    isWoken = true;
  });

  for (;;) {
    isWoken = false;
    const delivered = await stepsFor(waits).deliver({ endpointId, waits: changedWaits(waits) });
    const { waitMs } = delivered;
    waits = waitsOf({ waits, ...delivered });
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof delivery>({ endpointId, waits: changedWaits(waits) });
    }
    const summary = waitMs === null ? 'nothing left, ends soon' : `next notice in ${toWords(waitMs)}`;
    if (waitMs !== 0) await condition(() => isWoken, waitMs ?? waits.deliveryLingerMs, { summary });
    if (waitMs === null && !isWoken) break;
  }
  await condition(allHandlersFinished);
}
