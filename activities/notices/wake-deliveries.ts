import type { Client } from '@temporalio/client';
import type { Log } from '../../config/log.ts';
import type { Uuid } from '../../domain/ids.ts';
import { deliveryWorkflowId } from '../../workflows/contract/ids.ts';
import { wakeSignal } from '../../workflows/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../workflows/contract/names.ts';
import { changedWaits, defaultWaits, type Waits } from '../../workflows/contract/waits.ts';
import { ensureRunning } from '../ensure-running.ts';

/** Wakes deliveries when there is something to send. */
export type Waker = {
  /** Returns immediately and never throws. The sweep repairs a lost wake. */
  wake(endpointIds: readonly Uuid[]): void;
  /** Waits for the calls in flight; wakes that still wait are dropped. */
  close(): Promise<void>;
};

/** A delivery reads everything that is due, so one wake in this time does as much as a hundred. */
const everyMs = 1_000;
/** Concurrent calls to Temporal, so that a burst of commits does not flood it. */
const callsMax = 16;
/** Endpoints that are remembered; the sweep wakes further ones. */
const endpointsMax = 10_000;
/** While Temporal is down every call fails: one line a minute is enough. */
const logEveryMs = 60_000;

/** Binds the waker to Temporal. After a commit, call it with the endpoints of the commit. */
export function createWaker({
  client,
  log,
  waits = defaultWaits,
}: {
  client: Client;
  log: Pick<Log, 'warn'>;
  waits?: Waits;
}): Waker {
  /** Endpoints that wait, in order; and those woken less than `everyMs` ago. */
  const waiting = new Set<Uuid>();
  const resting = new Map<Uuid, NodeJS.Timeout>();
  const calls = new Set<Promise<void>>();
  let loggedAt = Number.NEGATIVE_INFINITY;

  const callNext = (): void => {
    for (const endpointId of waiting) {
      if (calls.size >= callsMax) return;
      if (resting.has(endpointId)) continue;
      waiting.delete(endpointId);
      resting.set(endpointId, setTimeout(() => rested(endpointId), everyMs).unref());
      // A lost wake does no harm: the sweep finds the notice overdue.
      const call = signal(client, endpointId, waits)
        .catch(complain)
        .finally(() => {
          calls.delete(call);
          callNext();
        });
      calls.add(call);
    }
  };
  const rested = (endpointId: Uuid): void => {
    resting.delete(endpointId);
    callNext();
  };
  const complain = (error: unknown): void => {
    if (performance.now() - loggedAt < logEveryMs) return;
    loggedAt = performance.now();
    log.warn({ err: error }, 'a delivery could not be woken; the sweep will');
  };

  return {
    wake: (endpointIds) => {
      for (const endpointId of endpointIds) if (waiting.size < endpointsMax) waiting.add(endpointId);
      callNext();
    },
    close: async () => {
      waiting.clear();
      for (const timer of resting.values()) clearTimeout(timer);
      await Promise.allSettled(calls);
    },
  };
}

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
