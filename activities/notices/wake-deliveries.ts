import type { Client } from '@temporalio/client';
import type { Log } from '../../config/log.ts';
import type { Uuid } from '../../domain/ids.ts';
import { deliveryWorkflowId } from '../../workflows/contract/ids.ts';
import { wakeSignal } from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import { changedWaits, defaultWaits, type Waits } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';
import { createWakerOf, type Waker } from '../waker.ts';

/** Binds the waker of deliveries to Temporal. After a commit, call it with the endpoints of the commit. */
export const createWaker = ({
  client,
  log,
  waits = defaultWaits,
}: {
  client: Client;
  log: Pick<Log, 'warn'>;
  waits?: Waits;
}): Waker =>
  createWakerOf({
    call: (endpointId) => signal(client, endpointId, waits),
    onLost: (error) => log.warn({ err: error }, 'a delivery could not be woken; the sweep will'),
  });

/** Starts `delivery/<id>`, or wakes the one that runs. */
const signal = (client: Client, endpointId: Uuid, waits: Waits): Promise<void> =>
  ensureRunning(client, workflowTypes.delivery, {
    workflowId: deliveryWorkflowId(endpointId),
    lives: 'again',
    taskQueue: taskQueues.delivery,
    args: [{ endpointId, waits: changedWaits(waits) }],
    wake: wakeSignal,
    staticSummary: 'notices of one endpoint',
  });
