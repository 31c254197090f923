/** For how long looks have succeeded without a gap, in milliseconds. */
export type Watch = { look(): number; reset(): number };

/** A gap of more than `gapMs` between two looks begins again, also one in which the machine slept. */
export function createWatch(gapMs: number): Watch {
  let since: number | null = null;
  let last = { monotonic: 0, wall: 0 };
  return {
    look: () => {
      const now = { monotonic: performance.now(), wall: Date.now() };
      const gap = Math.max(now.monotonic - last.monotonic, now.wall - last.wall);
      if (since === null || gap > gapMs) since = now.monotonic;
      last = now;
      return now.monotonic - since;
    },
    reset: () => {
      since = null;
      return 0;
    },
  };
}

/** A server that may be away. `ask` answers null when it did not answer, and tells `onAway` for how long it has not. */
export type Outage = { ask<T>(question: () => Promise<T>): Promise<{ value: T } | null> };

export function createOutage(onAway: (forMs: number, error: unknown) => void): Outage {
  let since: number | null = null;
  return {
    ask: async (question) => {
      try {
        const value = await question();
        since = null;
        return { value };
      } catch (error) {
        since ??= performance.now();
        onAway(performance.now() - since, error);
        return null;
      }
    },
  };
}
