/**
 * A counting semaphore, shared by all groups of a process. Waiters are served in order of arrival and get what is free
 * then, so none gets everything twice before another got some.
 */
export type Semaphore = {
  /** Waits until a permit is free, and takes between 1 and `max`. Resolves with 0 when `signal` ends the wait, or too many wait. */
  acquire(max: number, signal: AbortSignal): Promise<number>;
  /** Takes one permit if one is free now and none waits for it. */
  tryAcquire(): boolean;
  release(permits: number): void;
};

type Waiter = { max: number; serve: (permits: number) => void };

/** A semaphore of this many permits, for which at most `waitersMax` wait. */
export function createSemaphore(permits: number, waitersMax = Number.POSITIVE_INFINITY): Semaphore {
  let free = permits;
  const waiters = new Set<Waiter>();

  const serveWaiters = () => {
    for (const waiter of waiters) {
      if (free === 0) return;
      const granted = Math.min(free, waiter.max);
      free -= granted;
      waiters.delete(waiter);
      waiter.serve(granted);
    }
  };

  const acquire = (max: number, signal: AbortSignal): Promise<number> =>
    new Promise((resolve) => {
      if (signal.aborted || (free === 0 && waiters.size >= waitersMax)) return resolve(0);
      const leave = () => {
        waiters.delete(waiter);
        resolve(0);
      };
      const waiter = {
        max,
        serve: (granted: number) => {
          signal.removeEventListener('abort', leave);
          resolve(granted);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      waiters.add(waiter);
      serveWaiters();
    });

  return {
    acquire,
    tryAcquire: () => {
      if (free === 0 || waiters.size > 0) return false;
      free -= 1;
      return true;
    },
    release: (released) => {
      free += released;
      serveWaiters();
    },
  };
}
