/** Decides whether Redis is worth asking: after timeouts in a row it is left alone for a while, then probed once a while. */
export type Breaker = {
  /** Whether the next call may go. While Redis is silent, only one probe in every pause may. */
  lets(): boolean;
  answered(): void;
  timedOut(): void;
  isOpen(): boolean;
};

/** A breaker that opens after `timeoutsMax` timeouts in a row; one answer closes it. */
export function createBreaker({ timeoutsMax, pauseMs }: { timeoutsMax: number; pauseMs: number }): Breaker {
  let timeouts = 0;
  let pausedUntil = 0;
  return {
    lets: () => {
      if (timeouts < timeoutsMax) return true;
      const now = performance.now();
      if (now < pausedUntil) return false;
      // Paused again at once, so that of many callers one is the probe.
      pausedUntil = now + pauseMs;
      return true;
    },
    answered: () => {
      timeouts = 0;
    },
    timedOut: () => {
      timeouts += 1;
      pausedUntil = performance.now() + pauseMs;
    },
    isOpen: () => timeouts >= timeoutsMax,
  };
}
