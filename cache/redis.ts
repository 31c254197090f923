import { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { createCircuitBreaker } from '../concurrency/circuit-breaker.ts';

/** Takes facts that are worth a line: a program's log. */
export type CacheLog = { warn(fact: Record<string, unknown>, sentence: string): void };

/** A Redis that may be slow, frozen, empty or gone, and never more than a pause to its callers. */
export type RedisLink = {
  /** The client itself, for a library that wants one. Null when the platform runs without Redis. */
  redis: Redis | null;
  /**
   * Does some work on Redis within `capMs`. Null, at once or at the cap, when there is no Redis, it is not connected, it
   * did not answer in time lately, or the work failed. Never throws.
   */
  attempt<T>(work: (redis: Redis) => Promise<T>, capMs: number): Promise<T | null>;
  /** Whether it is connected and has answered lately; false without Redis. For people, not for decisions. */
  isUp(): boolean;
  close(): Promise<void>;
};

const connectTimeoutMs = 1_000;
/** A socket silent for this long while answers are owed is dropped, and with it the commands that wait on it. */
const silenceMs = 1_000;
const reconnectFirstMs = 50;
const reconnectMaxMs = 2_000;
/** Calls side by side: what comes on top is skipped, so a slow Redis holds a bounded amount of memory. */
const callsMax = 512;
const timeoutsMax = 5;
/** How long the breaker stays open before a probe. */
const openMs = 1_000;
const logEveryMs = 60_000;
/** How long `close` waits for writes that are on their way. */
const closeMs = 250;

/** Opens a link. It connects, and connects again, in the background; `url: null` is a link to nothing. */
export function createRedisLink({ url, log }: { url: string | null; log: CacheLog }): RedisLink {
  if (url === null) return noLink;
  const redis = connect(url);
  const breaker = createCircuitBreaker({ timeoutsMax, openMs });
  const say = onceAMinute(log);
  const calls = new Set<Promise<unknown>>();
  redis.on('error', (error: Error) => say('Redis cannot be reached; balances are read from Postgres', error));

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
          say('Redis did not answer in time; its value is not waited for', null);
          return null;
        }
        breaker.answered();
        return answer;
      } catch (error) {
        // Whatever Redis says, the platform goes on without it: that is what it may hold here.
        say('Redis refused a command', error);
        return null;
      } finally {
        calls.delete(call);
      }
    },
    isUp: () => redis.status === 'ready' && !breaker.isOpen(),
    close: async () => {
      await pTimeout(Promise.allSettled(calls), { milliseconds: closeMs, fallback: () => undefined });
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

function connect(url: string): Redis {
  return new Redis(url, {
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    // A command that cannot leave now is not wanted later: the caller has gone to Postgres.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(reconnectFirstMs * 2 ** Math.min(times, 10), reconnectMaxMs),
    // After a failover the old primary answers READONLY until we connect to the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

const late = Symbol('late');

/** A Redis that is away fails thousands of times a second: one line a minute says it, and how often it was. */
function onceAMinute(log: CacheLog): (sentence: string, error: unknown) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (sentence, error) => {
    if (performance.now() - saidAt < logEveryMs) {
      unsaid += 1;
      return;
    }
    log.warn({ reason: error instanceof Error ? error.message : 'timeout', unsaid }, sentence);
    saidAt = performance.now();
    unsaid = 0;
  };
}
