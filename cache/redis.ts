import { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { createCircuitBreaker } from '../concurrency/circuit-breaker.ts';
import type { Password } from '../config/iam-passwords.ts';
import { keepLoggedIn } from './log-in.ts';

/**
 * Where Redis is, null for no Redis. `ca` has the certificates of the authority that signed its own, for an address by TLS. `password` makes that of
 * each connection, where the address has none.
 */
export type RedisAddress = { url: string | null; ca?: string | null; password?: Password | null };

/** The part of a program's log that the cache needs. */
export type CacheLog = { warn(fact: Record<string, unknown>, sentence: string): void };

/** A Redis that may be slow, frozen, empty or absent; callers wait a bounded time for it. */
export type RedisLink = {
  /** The client itself, for a library that wants one. Null when the platform runs without Redis. */
  redis: Redis | null;
  /**
   * Does some work on Redis within `capMs`. Null, immediately or at the cap, when there is no Redis, it is not
   connected, the
 * breaker is open, or the work failed. Never throws.
   */
  attempt<T>(work: (redis: Redis) => Promise<T>, capMs: number): Promise<T | null>;
  /** Whether it is connected and answers; false without Redis. For display, not for decisions. */
  isUp(): boolean;
  close(): Promise<void>;
};

/** A Redis in the same network connects within milliseconds. */
const connectTimeoutMs = 1_000;
/** A socket without a byte for this long while answers are due is closed, and its commands fail. */
const silenceMs = 1_000;
/** The first wait before a reconnect; it doubles. */
const reconnectFirstMs = 50;
/** The longest of those waits. */
const reconnectMaxMs = 2_000;
/** Concurrent calls; more are skipped, so a slow Redis holds a bounded amount of memory. */
const callsMax = 512;
/** Timeouts in a row that open the breaker: one may be a hiccup. */
const timeoutsMax = 5;
/** How long the breaker stays open before a probe. */
const openMs = 1_000;
/** See the log line: at most one a minute. */
const logEveryMs = 60_000;
/** How long `close` waits for writes in flight. */
const closeMs = 250;

/** `onFailure`: told of each call that failed or was not answered in time, and of each lost connection. */
export type RedisLinkOptions = RedisAddress & { log: CacheLog; onFailure?: (() => void) | undefined };

/** Opens a link. It connects and reconnects in the background; `url: null` is a link to nothing. */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { url, ca = null, password = null, log, onFailure = () => {} } = options;
  if (url === null) return noLink;
  const redis = connect(url, { ca, isLoggedIn: password === null });
  const breaker = createCircuitBreaker({ timeoutsMax, openMs });
  const complain = onceAMinute(log);
  const say = (sentence: string, error: unknown): void => {
    onFailure();
    complain(sentence, error);
  };
  const calls = new Set<Promise<unknown>>();
  const onError = (error: unknown) => say('Redis cannot be reached; balances are read from Postgres', error);
  redis.on('error', onError);
  const end = password === null ? () => {} : keepLoggedIn(redis, { password, waitMs: waitBefore, onError });

  return {
    redis,
    attempt: async (work, capMs) => {
      if (redis.status !== 'ready' || calls.size >= callsMax || !breaker.allows()) return null;
      // Wrapped, so that work that throws before its first await is caught below too.
      const call = (async () => work(redis))();
      calls.add(call);
      try {
        const answer = await pTimeout(call, { milliseconds: capMs, fallback: (): typeof late => late });
        if (answer === late) {
          breaker.timedOut();
          say('Redis did not answer in time; the caller continues without it', null);
          return null;
        }
        breaker.answered();
        return answer;
      } catch (error) {
        // The platform works without Redis, so any error counts as no answer.
        say('Redis refused a command', error);
        return null;
      } finally {
        calls.delete(call);
      }
    },
    isUp: () => redis.status === 'ready' && !breaker.isOpen(),
    close: async () => {
      await pTimeout(Promise.allSettled(calls), { milliseconds: closeMs, fallback: () => undefined });
      end();
      redis.disconnect();
    },
  };
}

const noLink: RedisLink = {
  redis: null,
  attempt: () => Promise.resolve(null),
  isUp: () => false,
  close: () => Promise.resolve(),
};

/** Who needs a fresh password for each connection, connects and reconnects by itself. */
function connect(url: string, { ca, isLoggedIn }: { ca: string | null; isLoggedIn: boolean }): Redis {
  return new Redis(url, {
    lazyConnect: !isLoggedIn,
    ...(ca !== null && { tls: { ca } }),
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    // A command that cannot be sent now is dropped: the caller reads from Postgres instead.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => (isLoggedIn ? waitBefore(times) : null),
    // After a failover the old primary answers READONLY until we connect to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

const waitBefore = (times: number): number => Math.min(reconnectFirstMs * 2 ** Math.min(times, 10), reconnectMaxMs);

const late = Symbol('late');

/** An absent Redis fails thousands of times a second: one line a minute, with the number of suppressed ones. */
function onceAMinute(log: CacheLog): (sentence: string, error: unknown) => void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (sentence, error) => {
    if (performance.now() - loggedAt < logEveryMs) {
      suppressed += 1;
      return;
    }
    log.warn({ reason: error instanceof Error ? error.message : 'timeout', suppressed }, sentence);
    loggedAt = performance.now();
    suppressed = 0;
  };
}
