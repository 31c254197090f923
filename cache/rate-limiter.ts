import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { type CacheLog, createRedisLink, type RedisLink } from './redis.ts';

/** What a request may do now. `limit` and `remaining` count requests of this window, which ends in `resetMs`. */
export type Verdict = { allowed: boolean; limit: number; remaining: number; resetMs: number };

/** Counts requests of a key over all processes. `perSecond` is the steady rate; twice as many may come at once. */
export type RateLimiter = {
  take(key: string, perSecond: number): Promise<Verdict>;
  close(): Promise<void>;
};

/** A window of two seconds that holds two seconds' worth of requests: the steady rate, with a burst of twice as much. */
const windowSeconds = 2;
/** A process leases a tenth of a second's requests at a time, so Redis is asked for one request in so many. */
const leasesPerSecond = 10;
/** The longest that a request waits for Redis before it is counted here. */
const defaultLeaseMs = 50;
/** Keys that this process remembers: the oldest is forgotten first, which costs one question to Redis. */
const keysMax = 10_000;

/**
 * Opens a limiter: tokens in this process, leased from Redis. Without Redis every process counts for itself, so the limit
 * is loose by the number of processes but there always is one. Never throws.
 */
export function createRateLimiter({
  url,
  log,
  leaseMs = defaultLeaseMs,
}: {
  url: string | null;
  log: CacheLog;
  leaseMs?: number;
}): RateLimiter {
  const link = createRedisLink({ url, log });
  const lease = createLeaser(link, leaseMs);
  const held = new Map<string, Lease>();
  return {
    take: async (key, perSecond) => {
      const limit = perSecond * windowSeconds;
      for (;;) {
        const now = performance.now();
        const mine = current(held, key, now);
        const resetMs = Math.max(Math.ceil(mine.endsAt - now), 0);
        if (mine.tokens > 0) {
          mine.tokens -= 1;
          return { allowed: true, limit, remaining: mine.tokens + mine.elsewhere, resetMs };
        }
        if (mine.isDry) return { allowed: false, limit, remaining: 0, resetMs };
        mine.waiting += 1;
        // One question for all that wait. It either brings tokens or tells that none are left, so the loop ends.
        mine.asking ??= refill(mine, () => lease(key, limit, sizeOf(perSecond, mine.waiting)));
        await mine.asking;
      }
    },
    close: () => link.close(),
  };
}

type Lease = {
  tokens: number;
  /** What was left for everybody when we last asked. */
  elsewhere: number;
  /** Nothing is left until the window ends. */
  isDry: boolean;
  endsAt: number;
  waiting: number;
  asking: Promise<void> | null;
};

type Granted = { tokens: number; elsewhere: number; endsInMs: number };

function current(held: Map<string, Lease>, key: string, now: number): Lease {
  const known = held.get(key);
  if (known && (known.asking || now < known.endsAt)) return known;
  const fresh: Lease = {
    tokens: 0,
    elsewhere: 0,
    isDry: false,
    endsAt: now + windowSeconds * 1_000,
    waiting: 0,
    asking: null,
  };
  // Taken out first, so that the map stays in order of age.
  held.delete(key);
  held.set(key, fresh);
  const [oldest] = held.keys();
  if (held.size > keysMax && oldest !== undefined) held.delete(oldest);
  return fresh;
}

const sizeOf = (perSecond: number, waiting: number): number =>
  Math.max(Math.floor(perSecond / leasesPerSecond), waiting, 1);

async function refill(mine: Lease, ask: () => Promise<Granted>): Promise<void> {
  // Those who come in this turn of the loop wait for the same answer: the size is settled when they are counted.
  await Promise.resolve();
  const granted = await ask();
  mine.tokens += granted.tokens;
  mine.elsewhere = granted.elsewhere;
  mine.isDry = granted.tokens === 0;
  mine.endsAt = performance.now() + granted.endsInMs;
  mine.waiting = 0;
  mine.asking = null;
}

/** Takes up to `size` tokens of the key's window from Redis, or from this process when Redis does not answer. */
function createLeaser(
  link: RedisLink,
  leaseMs: number,
): (key: string, limit: number, size: number) => Promise<Granted> {
  // The limit differs by key, so the library only counts: `penalty` adds and never refuses.
  const terms = { points: 1, duration: windowSeconds, keyPrefix: 'rate' };
  const alone = new RateLimiterMemory(terms);
  const shared = link.redis && new RateLimiterRedis({ ...terms, storeClient: link.redis });
  return async (key, limit, size) => {
    const asked = Math.min(size, limit);
    const counted =
      (shared && (await link.attempt(() => shared.penalty(key, asked), leaseMs))) ?? (await alone.penalty(key, asked));
    const before = counted.consumedPoints - asked;
    return {
      tokens: Math.min(Math.max(limit - before, 0), asked),
      elsewhere: Math.max(limit - counted.consumedPoints, 0),
      endsInMs: Math.min(Math.max(counted.msBeforeNext, 1), windowSeconds * 1_000),
    };
  };
}
