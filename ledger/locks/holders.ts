/**
 * Transactions that hold a lock for so long that a call timed out on it, and since when we know them. Shared by the batchers of one
 * process, so that one timeout is enough for all of them.
 */
export type LockHolders = {
  /** Whether some are known: then each batch is examined before it is sent. */
  isAny(): boolean;
  /** Notes a holder that a call timed out on, or that was seen again. */
  note(holder: string): void;
  /** How long it has been known, in milliseconds, or null. */
  ageOf(holder: string): number | null;
};

/** A holder that nothing waited for in this time is forgotten: it is gone, or harms nobody. */
const forgetHolderMs = 1_000;

/** Makes an empty set of holders. `now`: a monotonic clock in milliseconds. */
export function createLockHolders(now: () => number = () => performance.now()): LockHolders {
  const known = new Map<string, { since: number; seen: number }>();
  const prune = () => {
    for (const [holder, { seen }] of known) if (now() - seen > forgetHolderMs) known.delete(holder);
  };
  return {
    isAny: () => {
      prune();
      return known.size > 0;
    },
    note: (holder) => void known.set(holder, { since: known.get(holder)?.since ?? now(), seen: now() }),
    ageOf: (holder) => {
      const entry = known.get(holder);
      return entry ? now() - entry.since : null;
    },
  };
}
