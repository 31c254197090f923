import pTimeout from 'p-timeout';
import { createKnown } from '../concurrency/known.ts';
import type { Balance, BalanceReading } from '../domain/account.ts';
import { type Place, packBalance, unpackBalance } from './packed-balance.ts';
import { putIfNewer } from './put-if-newer.ts';
import { type CacheLog, createRedisLink, type RedisAddress } from './redis.ts';

/**
 * Balances that were read or written lately, for readers. It never decides about money, and it may vanish at any time.
 * A value is replaced only by one of a higher version, so a slow filler cannot undo a writer.
 */
export type BalanceCache = {
  /** Writes balances as a commit left them, or as Postgres had them. Waits 5 ms at most, continues in the background; never throws. */
  put(readings: readonly BalanceReading[]): Promise<void>;
  /** The cached balance, or null when Postgres must be asked: a miss, older than `minVersion`, unreadable, or too slow. */
  get(accountId: string, minVersion?: bigint): Promise<Balance | null>;
  /** Whether Redis is connected and answers; false when the platform runs without it. */
  isUp(): boolean;
  /** Whether Redis takes a write, for `/health`: one that is full, or a replica, answers and refuses. Never throws. */
  takesWrites(): Promise<boolean>;
  close(): Promise<void>;
};

/** How long Redis may keep its callers, in milliseconds. */
export type CacheWaits = {
  /** The longest that `put` waits for its write. */
  putMs: number;
  /** The longest that a write may take in the background. */
  putMaxMs: number;
  /** The longest that `get` waits before it is a miss. */
  getMs: number;
};

const defaultWaits: CacheWaits = { putMs: 5, putMaxMs: 250, getMs: 50 };
/**
 * When Redis misses a write, the older value stays for this long at most. A reader that was shown the
 * newer one, and sends its Ledger-Token, not at all.
 */
const ttlMs = 5_000;
/** Accounts in one script call: Redis serves no other command while it runs. */
const accountsPerCall = 100;

/**
 * Opens the cache; with `url: null` it always misses. Raise `epoch` when the database was restored or failed over to a
 * standby that lost commits: versions of the lost timeline must not outrank those of the new one. `readMacKey` reads what the
 * checksums of cached balances are made with, the same for all programs of a database; until it is known, every `get` misses.
 */
export function createBalanceCache({
  url,
  ca = null,
  password = null,
  log,
  readMacKey,
  onFailure,
  epoch = 1,
  waits = defaultWaits,
}: RedisAddress & {
  log: CacheLog;
  readMacKey: () => Promise<Buffer>;
  onFailure?: (() => void) | undefined;
  epoch?: number;
  waits?: CacheWaits;
}): BalanceCache {
  const link = createRedisLink({ url, ca, password, log, onFailure });
  const known = url === null ? () => null : createKnown(readMacKey);
  const placeOf = (accountId: string, macKey: Buffer): Place => ({
    key: `${epoch}:bal:${accountId}`,
    macKey,
    now: Date.now(),
  });
  return {
    put: async (readings) => {
      const macKey = known();
      if (readings.length === 0 || macKey === null) return;
      const toPair = (reading: BalanceReading) => {
        const place = placeOf(reading.accountId, macKey);
        return { key: place.key, value: packBalance(reading, place) };
      };
      const written = link.attempt(
        (redis) => Promise.all(chunks(readings).map((chunk) => putIfNewer(redis, chunk.map(toPair), ttlMs))),
        waits.putMaxMs,
      );
      await pTimeout(written, { milliseconds: waits.putMs, fallback: () => null });
    },
    get: async (accountId, minVersion = 0n) => {
      const macKey = known();
      if (macKey === null) return null;
      const place = placeOf(accountId, macKey);
      const packed = await link.attempt((redis) => redis.get(place.key), waits.getMs);
      const balance = packed === null ? null : unpackBalance(packed, { ...place, now: Date.now() }, ttlMs);
      return balance && balance.version >= minVersion ? balance : null;
    },
    isUp: () => link.isUp(),
    takesWrites: async () =>
      (await link.attempt((redis) => redis.set(`${epoch}:health`, '1', 'PX', ttlMs), waits.putMaxMs)) === 'OK',
    close: () => link.close(),
  };
}

function chunks(readings: readonly BalanceReading[]): BalanceReading[][] {
  const count = Math.ceil(readings.length / accountsPerCall);
  return Array.from({ length: count }, (_, n) => readings.slice(n * accountsPerCall, (n + 1) * accountsPerCall));
}
