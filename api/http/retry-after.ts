import { LRUCache } from 'lru-cache';

/** How long clients are asked to wait when they get 503. */
export type RetryAfter = {
  /** In milliseconds, for one more refusal of this kind for this caller. */
  waitMs(caller: string | undefined, code: string): number;
};

/** Bounds of a wait. */
export const retryBounds = {
  // The first wait.
  firstMs: 1_000,
  // The longest wait before chance is added, and the longest time that chance adds.
  longestMs: 30_000,
  // The least that chance adds at most: those that were refused together must not return together.
  spreadMs: 3_000,
  // Callers whose trouble is known. An evicted one begins with the first wait.
  callersMax: 10_000,
} as const;

/** When the first of a row of refusals was, and until when another belongs to it: until who was refused last may be back. */
type Trouble = { sinceMs: number; untilMs: number };

/**
 * Waits that grow: half of the time for which the same trouble lasts already, and up to as much again by chance. So a crowd comes
 * back spread out, less often the longer it lasts, and soon after it is over. Each caller has its own: one whose account is
 * locked delays nobody else.
 */
export function createRetryAfter(nowMs: () => number = () => performance.now(), random = Math.random): RetryAfter {
  const troubles = new LRUCache<string, Trouble>({ max: retryBounds.callersMax });
  return {
    waitMs: (caller = 'nobody', code) => {
      const key = `${caller} ${code}`;
      const now = nowMs();
      const known = troubles.get(key);
      const trouble = known && now <= known.untilMs ? known : { sinceMs: now, untilMs: now };
      const half = (now - trouble.sinceMs) / 2;
      const least = Math.min(Math.max(half, retryBounds.firstMs), retryBounds.longestMs);
      const wait = Math.ceil(least + random() * Math.max(least, retryBounds.spreadMs));
      troubles.set(key, { ...trouble, untilMs: Math.max(trouble.untilMs, now + wait) });
      return wait;
    },
  };
}
