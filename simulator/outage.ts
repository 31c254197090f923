import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const LATENCY_MS_MAX = 60_000;

export const forecastSchema = z.strictObject({
  mode: z.enum(['up', 'hard_down', 'half_503']),
  latency_ms: z.number().int().min(0).max(LATENCY_MS_MAX).default(0),
});
export type Forecast = z.infer<typeof forecastSchema>;

/** The state of the rail as a whole, in memory only: a restart brings it up again. */
export type Weather = {
  set(forecast: Forecast): void;
  /** Whether this request is turned away. Of `half_503` every second one is, by count and not by chance. */
  isDown(): boolean;
  /** Waits as long as every request has to. */
  latency(): Promise<void>;
};

/** Fair weather, until it is set otherwise. */
export function createWeather(): Weather {
  let now: Forecast = { mode: 'up', latency_ms: 0 };
  let asked = 0;
  return {
    set: (forecast) => {
      now = forecast;
      asked = 0;
    },
    isDown: () => {
      asked += 1;
      return now.mode === 'hard_down' || (now.mode === 'half_503' && asked % 2 === 1);
    },
    latency: async () => {
      if (now.latency_ms > 0) await sleep(now.latency_ms);
    },
  };
}
