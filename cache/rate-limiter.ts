import { LRUCache } from 'lru-cache';
import { type Allowance, emptyAllowance, takeToken, toAllowance } from './allowance.ts';
import { type CacheLog, createRedisLink, type RedisAddress } from './redis.ts';
import { type Bucket, type TokenGrant, takeFrom, takeFromRedis } from './take-tokens.ts';

/**
 * What a request may do now. `limit` is how many there may be at once, `remaining` how many there may be now, `resetMs` when they are all
 * there again. `retryMs`: when a refused one may come again, 0 for one that is allowed.
 */
export type RateDecision = { allowed: boolean; limit: number; remaining: number; resetMs: number; retryMs: number };

/**
 * Counts requests of a key over all processes: at most `perSecond` at once, and in any time of T seconds at most `perSecond` ×
 * (1 + T), wherever it begins, and what processes keep by them (a tenth each, for a second).
 */
export type RateLimiter = {
  take(key: string, perSecond: number): Promise<RateDecision>;
  close(): Promise<void>;
};

/** The most tokens that a process takes ahead: those of a tenth of a second, so most requests need no call to Redis. */
const aheadPerSecond = 10;
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
  password = null,
  log,
  onFailure,
  askMs = defaultAskMs,
}: RedisAddress & {
  log: CacheLog;
  onFailure?: (() => void) | undefined;
  askMs?: number;
}): RateLimiter {
  const link = createRedisLink({ url, ca, password, log, onFailure });
  const ask: Ask = async (key, wanted, alone) => {
    const shared = await link.attempt((redis) => takeFromRedis(redis, key, wanted), askMs);
    if (shared) return { bucket: undefined, grant: shared };
    return takeFrom(alone, wanted, performance.now());
  };
  const shares = new LRUCache<string, Share>({ max: keysMax });
  return {
    take: async (key, perSecond) => {
      for (;;) {
        const share = shares.get(key) ?? newShare();
        const now = performance.now();
        const taken = takeToken(share.allowance, now);
        if (taken !== 'ask') return toDecision(share.allowance, { allowed: taken === 'taken', limit: perSecond, now });
        share.waiting += 1;
        // One refill for all that wait. It either brings tokens or says that none are left, so the loop ends.
        if (share.asking === null) {
          shares.set(key, share);
          share.asking = refill(share, { key, perSecond, ask });
        }
        await share.asking;
      }
    },
    close: () => link.close(),
  };
}

/** Takes tokens from Redis, or from this process when Redis does not answer: then it returns its own bucket too. */
type Ask = (
  key: string,
  wanted: { perSecond: number; count: number },
  alone: Bucket | undefined,
) => Promise<{ bucket: Bucket | undefined; grant: TokenGrant }>;

/** What this process has of one key. */
type Share = {
  allowance: Allowance;
  /** How many requests wait for the next refill. */
  waiting: number;
  asking: Promise<void> | null;
  /** The size of the last refill. */
  size: number;
  /** Where it counts without Redis. */
  alone: Bucket | undefined;
};

const newShare = (): Share => ({
  allowance: emptyAllowance(),
  waiting: 0,
  asking: null,
  size: 0,
  alone: undefined,
});

const toDecision = (
  { tokens, left, nextAt, fullAt }: Allowance,
  { allowed, limit, now }: { allowed: boolean; limit: number; now: number },
): RateDecision => ({
  allowed,
  limit,
  remaining: allowed ? Math.min(tokens + left, limit) : 0,
  resetMs: Math.max(Math.ceil(fullAt - now), 0),
  retryMs: allowed ? 0 : Math.max(Math.ceil(nextAt - now), 1),
});

/** As many as wait. Who used up what it had gets twice as much ahead, up to a bound; who did not begins again with one. */
function sizeOf({ allowance, size, waiting }: Share, perSecond: number): number {
  const ahead = allowance.tokens === 0 ? Math.min(size * 2, Math.floor(perSecond / aheadPerSecond)) : 1;
  return Math.max(ahead, waiting, 1);
}

async function refill(
  share: Share,
  { key, perSecond, ask }: { key: string; perSecond: number; ask: Ask },
): Promise<void> {
  // Requests of the same event-loop turn wait for the same refill: its size is known when they are counted.
  await Promise.resolve();
  share.size = sizeOf(share, perSecond);
  const { bucket, grant } = await ask(key, { perSecond, count: share.size }, share.alone);
  share.alone = bucket;
  share.allowance = toAllowance(grant, performance.now());
  share.waiting = 0;
  share.asking = null;
}
