import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type BulkheadLimits, createBulkhead } from '../../../concurrency/bulkhead.ts';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';

export type KeyLimits = {
  /** How long an answer is believed: a revoked key works this long at most. */
  ttlMs: number;
  /** Keys remembered, and as many strangers. */
  keysMax: number;
  /**
   * Look-ups of secrets that had no owner when last heard of, or were never heard of: anybody can make them up, and they
   * come before any rate limit. They share the connections of those who write, and get a part of them.
   */
  strangers: BulkheadLimits;
};

const keyLimits: KeyLimits = {
  ttlMs: 1_000,
  keysMax: 10_000,
  strangers: {
    // Look-ups of strange keys side by side: a quarter of the connections that they share with those who write.
    runningMax: 2,
    // A look-up takes about a millisecond, so the last of them waits a tenth of a second.
    waitingMax: 200,
  },
};

type Kept = { owner: Promise<KeyOwner | null>; until: number };

/**
 * Finds the owners of secrets. Caches answers briefly, negative ones too, and makes one look-up for all requests that wait for
 * the same key. A secret that had an owner is looked up immediately, ahead of unknown ones, and is never evicted for
 * them: a client that sends made-up keys only delays other made-up keys.
 */
export function createKeyOwners(
  lookUp: (secret: string) => Promise<KeyOwner | null>,
  limits: KeyLimits = keyLimits,
): (secret: string) => Promise<KeyOwner | null> {
  const owned = new LRUCache<string, Kept>({ max: limits.keysMax });
  const strange = new LRUCache<string, Kept>({ max: limits.keysMax });
  const gated = createBulkhead('strange keys', limits.strangers);

  const keep = (keys: LRUCache<string, Kept>, print: string, kept: Kept) => {
    owned.delete(print);
    strange.delete(print);
    keys.set(print, kept);
  };

  const ask = (secret: string, print: string): Promise<KeyOwner | null> => {
    const known = owned.has(print);
    // Counted from when the database is asked; until then it waits for its turn, and its like wait with it.
    const kept: Kept = { owner: Promise.resolve(null), until: Number.POSITIVE_INFINITY };
    const look = () => {
      kept.until = performance.now() + limits.ttlMs;
      return lookUp(secret);
    };
    kept.owner = known ? look() : gated(look);
    keep(known ? owned : strange, print, kept);
    void settle(print, kept);
    return kept.owner;
  };

  /** Whose it is decides how it is asked about the next time. */
  const settle = async (print: string, kept: Kept): Promise<void> => {
    const isCurrent = () => (owned.get(print) ?? strange.get(print)) === kept;
    try {
      const owner = await kept.owner;
      if (isCurrent()) keep(owner ? owned : strange, print, kept);
    } catch {
      // A database that is away, or too many that wait for it, say nothing about the key: the next request asks again.
      kept.until = Number.NEGATIVE_INFINITY;
      if (strange.get(print) === kept) strange.delete(print);
    }
  };

  return (secret) => {
    // The secret itself is not kept in memory.
    const print = createHash('sha256').update(secret).digest('base64');
    const kept = owned.get(print) ?? strange.get(print);
    return kept && kept.until > performance.now() ? kept.owner : ask(secret, print);
  };
}
