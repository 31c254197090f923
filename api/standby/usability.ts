import type { StandbyState } from './watch.ts';

/** A standby that is not usable for this long raises an alarm, in milliseconds. */
const unusableMs = 25_000;

/**
 * Follows the states of a standby and says for how long it has not been usable, from `unusableMs` on, each time that it still is not.
 * `now`: of a steady clock, in milliseconds.
 */
export function followUsability(
  raise: (facts: { state: StandbyState; forMs: number }) => void,
  now: () => number = () => performance.now(),
): (state: StandbyState) => void {
  let usableAt = now();
  return (state) => {
    if (state === 'ok') usableAt = now();
    const forMs = Math.round(now() - usableAt);
    if (forMs >= unusableMs) raise({ state, forMs });
  };
}
