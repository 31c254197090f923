import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Longer than any timeout of a client. */
const latencyMaxMs = 60_000;

export const outageSchema = z.strictObject({
  mode: z.enum(['up', 'hard_down', 'half_503']),
  latency_ms: z.number().int().min(0).max(latencyMaxMs).default(0),
});
export type OutageMode = z.infer<typeof outageSchema>;

/** The state of the rail as a whole, in memory only: a restart brings it up again. */
export type Outage = {
  set(mode: OutageMode): void;
  /** Whether this request is refused. In mode `half_503` every second one is, by count and not by chance. */
  isDown(): boolean;
  /** Waits for the latency that is set. */
  latency(): Promise<void>;
};

/** The rail is up until another mode is set. */
export function createOutage(): Outage {
  let current: OutageMode = { mode: 'up', latency_ms: 0 };
  let requests = 0;
  return {
    set: (mode) => {
      current = mode;
      requests = 0;
    },
    isDown: () => {
      requests += 1;
      return current.mode === 'hard_down' || (current.mode === 'half_503' && requests % 2 === 1);
    },
    latency: async () => {
      if (current.latency_ms > 0) await sleep(current.latency_ms);
    },
  };
}
