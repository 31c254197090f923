import type { Uuid } from '../domain/ids.ts';

/** Wakes workflows by the ids of what they work on. */
export type Waker = {
  /** Returns immediately and never throws. What looks for overdue rows repairs a lost wake. */
  wake(ids: readonly Uuid[]): void;
  /** Waits for the calls in flight; wakes that still wait are dropped. */
  close(): Promise<void>;
};

/** A workflow that is woken reads everything that is due, so one wake in this time does as much as a hundred. */
const everyMs = 1_000;
/** Concurrent calls to Temporal, so that a burst of commits does not flood it. */
const callsMax = 16;
/** Ids that are remembered; who looks for overdue rows wakes further ones. */
const idsMax = 10_000;
/** While Temporal is down every call fails: one line a minute is enough. */
const complainEveryMs = 60_000;

/** `call`: wakes one, or starts it. `onLost`: told of a call that failed, once a minute at most. */
export function createWakerOf({
  call,
  onLost,
}: {
  call: (id: Uuid) => Promise<void>;
  onLost: (error: unknown) => void;
}): Waker {
  /** Those that wait, in order; and those woken less than `everyMs` ago. */
  const waiting = new Set<Uuid>();
  const resting = new Map<Uuid, NodeJS.Timeout>();
  const calls = new Set<Promise<void>>();
  let complainedAt = Number.NEGATIVE_INFINITY;

  const callNext = (): void => {
    for (const id of waiting) {
      if (calls.size >= callsMax) return;
      if (resting.has(id)) continue;
      waiting.delete(id);
      resting.set(id, setTimeout(() => rested(id), everyMs).unref());
      // A lost wake does no harm: what it would have begun is found overdue.
      const running = call(id)
        .catch(complain)
        .finally(() => {
          calls.delete(running);
          callNext();
        });
      calls.add(running);
    }
  };
  const rested = (id: Uuid): void => {
    resting.delete(id);
    callNext();
  };
  const complain = (error: unknown): void => {
    if (performance.now() - complainedAt < complainEveryMs) return;
    complainedAt = performance.now();
    onLost(error);
  };

  return {
    wake: (ids) => {
      for (const id of ids) if (waiting.size < idsMax) waiting.add(id);
      callNext();
    },
    close: async () => {
      waiting.clear();
      for (const timer of resting.values()) clearTimeout(timer);
      await Promise.allSettled(calls);
    },
  };
}
