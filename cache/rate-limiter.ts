import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { filled, type Granted, type Lease, nothingLeased, take } from './lease.ts';
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
  const ask = createAsker(link, leaseMs);
  const held = new Map<string, Held>();
  return {
    take: async (key, perSecond) => {
      const limit = perSecond * windowSeconds;
      for (;;) {
        const mine = held.get(key) ?? { lease: nothingLeased(), waiting: 0, asking: null };
        const now = performance.now();
        const taken = take(mine.lease, now);
        if (taken !== 'ask') return toVerdict(mine.lease, { allowed: taken === 'given', limit, now });
        mine.waiting += 1;
        // One question for all that wait. It either brings tokens or tells that none are left, so the loop ends.
        if (mine.asking === null) {
          keep(held, key, mine);
          mine.asking = refill(mine, () => ask(key, limit, sizeOf(perSecond, mine.waiting)));
        }
        await mine.asking;
      }
    },
    close: () => link.close(),
  };
}

/** The lease of one key, and those who wait for the next. */
type Held = { lease: Lease; waiting: number; asking: Promise<void> | null };

const toVerdict = (
  { tokens, elsewhere, endsAt }: Lease,
  { allowed, limit, now }: { allowed: boolean; limit: number; now: number },
): Verdict => ({
  allowed,
  limit,
  remaining: allowed ? tokens + elsewhere : 0,
  resetMs: Math.max(Math.ceil(endsAt - now), 0),
});

function keep(held: Map<string, Held>, key: string, mine: Held): void {
  // Taken out first, so that the map stays in order of use.
  held.delete(key);
  held.set(key, mine);
  const [oldest] = held.keys();
  if (held.size > keysMax && oldest !== undefined) held.delete(oldest);
}

const sizeOf = (perSecond: number, waiting: number): number =>
  Math.max(Math.floor(perSecond / leasesPerSecond), waiting, 1);

async function refill(mine: Held, ask: () => Promise<Granted>): Promise<void> {
  // Those who come in this turn of the loop wait for the same answer: the size is settled when they are counted.
  await Promise.resolve();
  const granted = await ask();
  mine.lease = filled(granted, performance.now());
  mine.waiting = 0;
  mine.asking = null;
}

/** Takes up to `size` tokens of the key's window from Redis, or from this process when Redis does not answer. */
function createAsker(link: RedisLink, leaseMs: number): (key: string, limit: number, size: number) => Promise<Granted> {
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
