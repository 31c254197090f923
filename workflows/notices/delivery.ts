import { allHandlersFinished, condition, continueAsNew, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { stepsFor } from '../activity-table.ts';
import { type DeliveryInput, wakeSignal } from '../contract/messages.ts';
import { type Waits, waitsOf } from '../contract/waits.ts';
import { toWords } from '../words.ts';

/**
 * Sends one webhook endpoint the notices of its tenant's transfers. One workflow an endpoint, on a queue of its own, so that
 * a dead receiver delays no other.
 *
 *   1. deliver   sends every notice that is due, and learns when the next one is
 *   2. wait      until then, or until a signal says that there is a new one
 *   … until a read found nothing and no signal came since.
 *
 * | what it found                     | then                                                                       |
 * | nothing left, or endpoint gone    | it ends; the next notice starts it again                                   |
 * | a notice that is due later        | waits, unless it is woken                                                  |
 * | the receiver is down              | pauses, longer each time, and lets nobody wake it: its slot is for others  |
 */
export async function delivery(input: DeliveryInput): Promise<void> {
  const { endpointId } = input;
  let waits = waitsOf(input);
  let isWoken = false;
  let pauses = 0;
  setHandler(wakeSignal, () => {
    isWoken = true;
  });

  for (;;) {
    isWoken = false;
    const delivered = await stepsFor(waits).deliver({ endpointId, waits });
    const { waitMs, isDown } = delivered;
    waits = waitsOf({ waits, ...delivered });
    pauses = isDown ? pauses + 1 : 0;
    if (waitMs === null && !isWoken) break;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof delivery>({ endpointId, waits });
    }
    if (isDown) await pause(pauses, waits);
    else if (waitMs) await condition(() => isWoken, waitMs, { summary: `next notice in ${toWords(waitMs)}` });
  }
  await condition(allHandlersFinished);
}

async function pause(pauses: number, { deliveryPauseFirstMs, deliveryPauseMaxMs }: Waits): Promise<void> {
  const pauseMs = Math.min(deliveryPauseFirstMs * 2 ** Math.min(pauses - 1, 20), deliveryPauseMaxMs);
  await sleep(pauseMs, { summary: `the receiver is down: again in ${toWords(pauseMs)}` });
}
