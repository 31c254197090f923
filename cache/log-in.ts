import type { Redis } from 'ioredis';
import type { Password } from '../config/iam-passwords.ts';

/** ElastiCache ends a connection 12 hours after its login. Another login before that keeps it, and one that fails has a second chance. */
const againMs = 5 * 3_600_000;

export type LogInOptions = {
  password: Password;
  /** How long it waits before the try of that number, from 1. */
  waitMs: (times: number) => number;
  /** Told of a password that cannot be made, and of a login that a connection which is open is refused. */
  onError: (error: unknown) => void;
  againMs?: number;
};

/**
 * Connects a client, and connects it again whenever its connection has ended, each time with a fresh password: the client's own reconnects would use the
 * one that it has. The client must connect and reconnect only when it is asked to. Returns what ends that; the connection stays.
 */
export function keepLoggedIn(redis: Redis, options: LogInOptions): () => void {
  const { password, waitMs, onError } = options;
  let [tries, hasEnded] = [0, false];
  let [wait, renewal]: (NodeJS.Timeout | undefined)[] = [];
  const logIn = async (): Promise<void> => {
    const made = await password();
    if (hasEnded) return;
    redis.options.password = made;
    // Why a connection cannot be made is an event of the client, and its end is the next one.
    await redis.connect().catch(() => {});
  };
  const logInLater = () => {
    tries += 1;
    wait = setTimeout(logInOrWait, waitMs(tries));
  };
  const logInOrWait = () => {
    logIn().catch((error: unknown) => {
      onError(error);
      if (!hasEnded) logInLater();
    });
  };
  const logInAgain = async (): Promise<void> => {
    const { username = 'default' } = redis.options;
    await redis.auth(username, await password());
  };
  redis.on('ready', () => {
    tries = 0;
    renewal = setInterval(() => void logInAgain().catch(onError), options.againMs ?? againMs);
  });
  redis.on('end', () => {
    clearInterval(renewal);
    if (!hasEnded) logInLater();
  });
  logInOrWait();
  return () => {
    hasEnded = true;
    clearTimeout(wait);
    clearInterval(renewal);
  };
}
