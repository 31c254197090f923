import { setTimeout as sleep } from 'node:timers/promises';
import { StepError } from './step-error.ts';

/** How often to look, and for how long. */
export type Wait = { everyMs: number; withinMinutes: number };

/** Looks until there is something, and returns it. Throws after the time: `what` says what did not come, and what to do. */
export async function waitFor<T>(
  look: () => Promise<T | null>,
  { everyMs, withinMinutes, what }: Wait & { what: string },
): Promise<T> {
  const until = performance.now() + withinMinutes * 60_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() + everyMs > until) throw new StepError(`After ${withinMinutes} minutes ${what}`);
    await sleep(everyMs);
  }
}
