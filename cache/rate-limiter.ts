import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { type Allowance, emptyAllowance, type TokenGrant, takeToken, toAllowance } from './allowance.ts';
import { type CacheLog, createRedisLink, type RedisAddress, type RedisLink } from './redis.ts';

/** What a request may do now. `limit` and `remaining` count requests of this window, which ends in `resetMs`. */
export type RateDecision = { allowed: boolean; limit: number; remaining: number; resetMs: number };

/** Counts requests of a key over all processes. `perSecond` is the steady rate; a burst may be twice as much. */
export type RateLimiter = {
  take(key: string, perSecond: number): Promise<RateDecision>;
  close(): Promise<void>;
};

/** A window of two seconds that holds two seconds' worth of requests: the steady rate, with a burst of twice as much. */
const windowSeconds = 2;
/** A process takes the tokens of a tenth of a second at a time, so most requests need no call to Redis. */
const allowancesPerSecond = 10;
/** The longest that a request waits for Redis before this process counts it. */
const defaultAskMs = 50;
/** Keys that this process caches. An evicted one costs one call to Redis. */
const keysMax = 10_000;

/**
 * Opens a limiter: tokens in this process, taken from Redis in allowances. Without Redis every process counts by itself, so the limit
 * is multiplied by the number of processes, but there always is one. Never throws.
 */
export function createRateLimiter({
  url,
  ca = null,
  log,
  onFailure,
  askMs = defaultAskMs,
}: RedisAddress & {
  log: CacheLog;
  onFailure?: (() => void) | undefined;
  askMs?: number;
}): RateLimiter {
  const link = createRedisLink({ url, ca, log, onFailure });
  const ask = createAsker(link, askMs);
  const buckets = new LRUCache<string, Bucket>({ max: keysMax });
  return {
    take: async (key, perSecond) => {
      const limit = perSecond * windowSeconds;
      for (;;) {
        const bucket = buckets.get(key) ?? { allowance: emptyAllowance(), waiting: 0, asking: null };
        const now = performance.now();
        const taken = takeToken(bucket.allowance, now);
        if (taken !== 'ask') return toDecision(bucket.allowance, { allowed: taken === 'taken', limit, now });
        bucket.waiting += 1;
        // One refill for all that wait. It either brings tokens or says that none are left, so the loop ends.
        if (bucket.asking === null) {
          buckets.set(key, bucket);
          bucket.asking = refill(bucket, () => ask(key, limit, sizeOf(perSecond, bucket.waiting)));
        }
        await bucket.asking;
      }
    },
    close: () => link.close(),
  };
}

/** The allowance of one key, and how many wait for the next. */
type Bucket = { allowance: Allowance; waiting: number; asking: Promise<void> | null };

const toDecision = (
  { tokens, elsewhere, endsAt }: Allowance,
  { allowed, limit, now }: { allowed: boolean; limit: number; now: number },
): RateDecision => ({
  allowed,
  limit,
  remaining: allowed ? tokens + elsewhere : 0,
  resetMs: Math.max(Math.ceil(endsAt - now), 0),
});

const sizeOf = (perSecond: number, waiting: number): number =>
  Math.max(Math.floor(perSecond / allowancesPerSecond), waiting, 1);

async function refill(bucket: Bucket, ask: () => Promise<TokenGrant>): Promise<void> {
  // Requests of the same event-loop turn wait for the same refill: its size is known when they are counted.
  await Promise.resolve();
  const granted = await ask();
  bucket.allowance = toAllowance(granted, performance.now());
  bucket.waiting = 0;
  bucket.asking = null;
}

/** Takes up to `size` tokens of the key's window from Redis, or from this process when Redis does not answer. */
function createAsker(
  link: RedisLink,
  askMs: number,
): (key: string, limit: number, size: number) => Promise<TokenGrant> {
  // The limit differs by key, so the library only counts: `penalty` adds and never refuses.
  const terms = { points: 1, duration: windowSeconds, keyPrefix: 'rate' };
  const alone = new RateLimiterMemory(terms);
  const shared = link.redis && new RateLimiterRedis({ ...terms, storeClient: link.redis });
  return async (key, limit, size) => {
    const count = Math.min(size, limit);
    const counted =
      (shared && (await link.attempt(() => shared.penalty(key, count), askMs))) ?? (await alone.penalty(key, count));
    const before = counted.consumedPoints - count;
    return {
      tokens: Math.min(Math.max(limit - before, 0), count),
      elsewhere: Math.max(limit - counted.consumedPoints, 0),
      endsInMs: Math.min(Math.max(counted.msBeforeNext, 1), windowSeconds * 1_000),
    };
  };
}
