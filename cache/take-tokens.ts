import type { Redis } from 'ioredis';

/** A bucket that holds `perSecond` tokens and is filled at that rate: how many a key had used at a time in milliseconds. */
export type Bucket = { used: number; atMs: number };

/** What a process got. */
export type TokenGrant = {
  tokens: number;
  /** What is left for all processes. */
  left: number;
  /** In how many milliseconds there is one again; 0 when there is one now. */
  nextMs: number;
  /** In how many milliseconds all are there again. */
  fullMs: number;
};

/** A full bucket holds the tokens of this long. */
const burstMs = 1_000;

/**
 * Takes up to `count` tokens. In any time of T seconds at most `perSecond` × (1 + T) are taken, wherever it begins: a window
 * that ends at a fixed moment would let twice as many pass around it (the generic cell rate algorithm, as a bucket).
 */
export function takeFrom(
  bucket: Bucket | undefined,
  { perSecond, count }: { perSecond: number; count: number },
  nowMs: number,
): { bucket: Bucket; grant: TokenGrant } {
  const used = usedNow(bucket, perSecond, nowMs);
  const tokens = Math.max(Math.min(Math.floor(perSecond - used + rounding), count), 0);
  return { bucket: { used: used + tokens, atMs: nowMs }, grant: toGrant(tokens, used + tokens, perSecond) };
}

/** What a sum of fractions may be off by. */
const rounding = 1e-6;

/** A clock that was set back fills nothing, and takes nothing away. */
const usedNow = (bucket: Bucket | undefined, perSecond: number, nowMs: number): number =>
  bucket ? Math.max(bucket.used - (Math.max(nowMs - bucket.atMs, 0) * perSecond) / burstMs, 0) : 0;

const toGrant = (tokens: number, used: number, perSecond: number): TokenGrant => ({
  tokens,
  left: Math.max(Math.floor(perSecond - used + rounding), 0),
  nextMs: Math.max(Math.ceil(((used + 1 - perSecond - rounding) * burstMs) / perSecond), 0),
  fullMs: Math.ceil((used * burstMs) / perSecond),
});

/**
 * The same in Redis, by its clock, in one step. A value that we did not write counts as an unused bucket, and no value gives more
 * than a full one. The bucket vanishes when it is full again.
 */
const script = `
local per_second, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.pcall('GET', KEYS[1])
local used, at
if type(held) == 'string' then used, at = string.match(held, '^(%d+%.%d+):(%d+)$') end
used = used and math.max(tonumber(used) - math.max(now - tonumber(at), 0) * per_second / 1000, 0) or 0
local tokens = math.max(math.min(math.floor(per_second - used + 0.000001), count), 0)
used = math.min(used + tokens, 2 * per_second)
redis.call('SET', KEYS[1], string.format('%.9f:%.0f', used, now), 'PX', 2000)
return {tokens, string.format('%.9f', used)}
`;

/** Takes tokens of a key from Redis. Throws what Redis or the socket throws. */
export async function takeFromRedis(
  redis: Redis,
  key: string,
  { perSecond, count }: { perSecond: number; count: number },
): Promise<TokenGrant> {
  // EVAL and not EVALSHA: a Redis that was restarted or flushed has lost the script, and sending it is cheap.
  const answer = await redis.eval(script, 1, `rate:${key}`, perSecond, count);
  const [tokens, used] = Array.isArray(answer) ? answer.map(Number) : [];
  if (tokens === undefined || used === undefined) throw new Error('Redis answered another script');
  return toGrant(tokens, used, perSecond);
}
