import { LRUCache } from 'lru-cache';

/** At most `burst` at once, and `perSecond` in the long run. */
export type Rate = { burst: number; perSecond: number };

/** Tokens of many owners: whether one may go on now, and giving a token back. */
export type TokenBuckets = {
  /** Takes one. 0: taken. Otherwise in how many milliseconds there is one. */
  take: (owner: string) => number;
  giveBack: (owner: string) => void;
};

/** Owners that are remembered. One that is forgotten begins with a full bucket. */
const ownersMax = 10_000;

/** A bucket for each owner, in this process. `nowMs`: a steady clock. */
export function createTokenBuckets(
  { burst, perSecond }: Rate,
  nowMs: () => number = () => performance.now(),
): TokenBuckets {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: ownersMax });
  const filled = (owner: string): { tokens: number; at: number } => {
    const now = nowMs();
    const bucket = buckets.get(owner) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    return { tokens, at: now };
  };
  return {
    take: (owner) => {
      const { tokens, at } = filled(owner);
      const isTaken = tokens >= 1;
      buckets.set(owner, { tokens: isTaken ? tokens - 1 : tokens, at });
      return isTaken ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1_000);
    },
    giveBack: (owner) => {
      const { tokens, at } = filled(owner);
      buckets.set(owner, { tokens: Math.min(burst, tokens + 1), at });
    },
  };
}
