import pTimeout from 'p-timeout';
import type { Balance, BalanceReading } from '../domain/account.ts';
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
 * standby that lost commits: versions of the lost timeline must not outrank those of the new one.
 */
export function createBalanceCache({
  url,
  ca = null,
  log,
  onFailure,
  epoch = 1,
  waits = defaultWaits,
}: RedisAddress & {
  log: CacheLog;
  onFailure?: (() => void) | undefined;
  epoch?: number;
  waits?: CacheWaits;
}): BalanceCache {
  const link = createRedisLink({ url, ca, log, onFailure });
  const keyOf = (accountId: string) => `${epoch}:bal:${accountId}`;
  return {
    put: async (readings) => {
      if (readings.length === 0 || link.redis === null) return;
      const written = link.attempt(
        (redis) => Promise.all(chunks(readings).map((chunk) => putIfNewer(redis, chunk.map(toPair(keyOf)), ttlMs))),
        waits.putMaxMs,
      );
      await pTimeout(written, { milliseconds: waits.putMs, fallback: () => null });
    },
    get: async (accountId, minVersion = 0n) => {
      const packed = await link.attempt((redis) => redis.get(keyOf(accountId)), waits.getMs);
      const balance = packed === null ? null : unpack(packed);
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

const toPair =
  (keyOf: (accountId: string) => string) =>
  ({ accountId, version, posted, held, seq }: BalanceReading) => ({
    key: keyOf(accountId),
    value: `${version}:${posted}:${held}:${seq}`,
  });

const packedForm = /^(0|[1-9]\d{0,18}):(0|-?[1-9]\d{0,18}):(0|[1-9]\d{0,18}):(0|[1-9]\d{0,18})$/;

/** A value of another form was not written by us and counts as a miss. */
function unpack(packed: string): Balance | null {
  const [, version, posted, held, seq] = packedForm.exec(packed) ?? [];
  if (!version || !posted || !held || !seq) return null;
  return { version: BigInt(version), posted: BigInt(posted), held: BigInt(held), seq: BigInt(seq) };
}
