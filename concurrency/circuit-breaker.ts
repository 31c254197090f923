/** A circuit breaker before a server: after timeouts in a row no call goes to it for a while, then a probe. */
export type CircuitBreaker = {
  /** Whether the next call may go. While the breaker is open, one probe in every `openMs` may. No other call waits for its answer. */
  allows(): boolean;
  answered(): void;
  timedOut(): void;
  isOpen(): boolean;
};

/** A breaker that opens after `timeoutsMax` timeouts in a row; one answer closes it. */
export function createCircuitBreaker({ timeoutsMax, openMs }: { timeoutsMax: number; openMs: number }): CircuitBreaker {
  let timeouts = 0;
  let openUntil = 0;
  return {
    allows: () => {
      if (timeouts < timeoutsMax) return true;
      const now = performance.now();
      if (now < openUntil) return false;
      // Open again immediately, so that of many callers one is the probe.
      openUntil = now + openMs;
      return true;
    },
    answered: () => {
      timeouts = 0;
    },
    timedOut: () => {
      timeouts += 1;
      openUntil = performance.now() + openMs;
    },
    isOpen: () => timeouts >= timeoutsMax,
  };
}
