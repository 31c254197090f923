import type { Redis } from 'ioredis';

/**
 * Sets each key to its value unless it holds a higher version. Versions are bigints, which Lua's numbers cannot tell apart
 * beyond 2^53, so they are compared as digits: the longer is the higher, of equal length the later in order.
 * The same version is written again: it is the same balance, and if it was not, the one from Postgres is right.
 * A value that we did not write counts as absent: another type, another form, no expiry, or one longer than we give. One that
 * looks like ours and has a wrong checksum is a miss for readers; it stays until it expires.
 */
const script = `
local function isFigure(digits) return #digits <= 19 and (digits == '0' or string.sub(digits, 1, 1) ~= '0') end
local ttl = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local value = ARGV[i + 1]
  local left = redis.call('PTTL', key)
  local isNewer = false
  if left > 0 and left <= ttl then
    local held = redis.pcall('GET', key)
    local old, posted, set_aside, seq, written
    if type(held) == 'string' then
      old, posted, set_aside, seq, written = string.match(held, '^(%d+):%-?(%d+):(%d+):(%d+):(%d+):[%w_-]+$')
    end
    if old and isFigure(old) and isFigure(posted) and isFigure(set_aside) and isFigure(seq) and isFigure(written) then
      local new = string.match(value, '^%d+')
      isNewer = #old > #new or (#old == #new and old > new)
    end
  end
  if not isNewer then redis.call('SET', key, value, 'PX', ttl) end
end
return #KEYS
`;

/** Runs the compare-and-set for a bounded number of keys, in one step of Redis. Throws what Redis or the socket throws. */
export async function putIfNewer(
  redis: Redis,
  pairs: readonly { key: string; value: string }[],
  ttlMs: number,
): Promise<void> {
  const keys = pairs.map(({ key }) => key);
  const values = pairs.map(({ value }) => value);
  // EVAL and not EVALSHA: a Redis that was restarted or flushed has lost the script, and sending it is cheap.
  await redis.eval(script, keys.length, ...keys, String(ttlMs), ...values);
}
