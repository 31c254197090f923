import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type BulkheadLimits, createBulkhead } from '../../../concurrency/bulkhead.ts';
import type { KeyOwner } from '../../../ledger/access/authenticate.ts';

export type KeyLimits = {
  /** How long a look-up is cached: a revoked key works this long at most. */
  ttlMs: number;
  /** Keys cached, and as many unknown ones. */
  keysMax: number;
  /**
   * Look-ups of secrets without a known owner: they come before any rate limit. They get a part of the connections for keys.
   */
  unknownKeys: BulkheadLimits;
};

const keyLimits: KeyLimits = {
  ttlMs: 1_000,
  keysMax: 10_000,
  unknownKeys: {
    // Concurrent look-ups of unknown keys: half of the connections that they share with known ones.
    runningMax: 2,
    // Only keys that were made here come so far. After a start all of them are unknown: the last of these waits about a second.
    waitingMax: 800,
  },
};

type CachedOwner = { owner: Promise<KeyOwner | null>; until: number };

/**
 * Finds the owners of secrets. Caches answers briefly, negative ones too, and makes one look-up for all requests that wait for
 * the same key. A secret that had an owner is looked up immediately, ahead of unknown ones, and is never evicted for
 * them: a client that sends made-up keys only delays other made-up keys.
 */
export function createKeyOwners(
  lookUp: (secret: string) => Promise<KeyOwner | null>,
  limits: KeyLimits = keyLimits,
  nowMs: () => number = () => performance.now(),
): (secret: string) => Promise<KeyOwner | null> {
  const owned = new LRUCache<string, CachedOwner>({ max: limits.keysMax });
  const unowned = new LRUCache<string, CachedOwner>({ max: limits.keysMax });
  const bounded = createBulkhead('look-ups of unknown keys', limits.unknownKeys);

  const store = (keys: LRUCache<string, CachedOwner>, hash: string, cached: CachedOwner) => {
    owned.delete(hash);
    unowned.delete(hash);
    keys.set(hash, cached);
  };

  const findOwner = (secret: string, hash: string): Promise<KeyOwner | null> => {
    const known = owned.has(hash);
    // Counted from when the look-up begins; before that it waits, and so do other requests with the same key.
    const cached: CachedOwner = { owner: Promise.resolve(null), until: Number.POSITIVE_INFINITY };
    const look = () => {
      cached.until = nowMs() + limits.ttlMs;
      return lookUp(secret);
    };
    cached.owner = known ? look() : bounded(look);
    store(known ? owned : unowned, hash, cached);
    void settle(hash, cached);
    return cached.owner;
  };

  /** Whether it has an owner decides its priority the next time. */
  const settle = async (hash: string, cached: CachedOwner): Promise<void> => {
    const isCurrent = () => (owned.get(hash) ?? unowned.get(hash)) === cached;
    try {
      const owner = await cached.owner;
      if (isCurrent()) store(owner ? owned : unowned, hash, cached);
    } catch {
      // An absent database, or a full queue, says nothing about the key: the next request looks it up again.
      cached.until = Number.NEGATIVE_INFINITY;
      if (unowned.get(hash) === cached) unowned.delete(hash);
    }
  };

  return (secret) => {
    // The secret itself is not kept in memory.
    const hash = createHash('sha256').update(secret).digest('base64');
    const cached = owned.get(hash) ?? unowned.get(hash);
    return cached && cached.until > nowMs() ? cached.owner : findOwner(secret, hash);
  };
}
