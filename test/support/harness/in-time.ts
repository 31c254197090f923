import { setTimeout as sleep } from 'node:timers/promises';

/** How many times longer everything may take: 1, or what `npm run test:busy` says to its tests. */
const slowdown = Number(process.env['TEST_SLOWDOWN'] ?? 1);

/**
 * A bound for what hangs, in milliseconds: `ms` on a machine with nothing else to do. A test fails at it, and passes however
 * long before it; what a test wants to know is never measured with it.
 */
export const inTime = (ms: number): number => ms * slowdown;

/** Waits for a state, by looking again and again. Throws when it does not come within the bound, which is one for what hangs. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + inTime(withinMs);
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
    await sleep(20);
  }
}
