import pTimeout from 'p-timeout';
import { ExplainedError } from './explain-error.ts';
import { createTokenSigner, type SignToken, type TokenRequest } from './iam-token.ts';
import type { Secret } from './secret.ts';

/** Makes a password for one connection. Throws {@link NoToken}, within a bounded time. */
export type Password = () => Promise<string>;

/** A login in a database: its address, and where that has no password, what makes one for each connection. */
export type DatabaseLogin = { url: string; password?: Password | null };

/** There is no token, so there is no connection now; the next one asks again. */
export class NoToken extends ExplainedError {
  override readonly name = 'NoToken';
}

/** Who asks for the role of a machine gets it within milliseconds. Below the time in which a connection must be there. */
const defaultTokenMs = 2_000;
/** Each connection that cannot be made would be a line. */
const logEveryMs = 60_000;

type TokenLog = { warn(fact: Record<string, unknown>, sentence: string): void };

/** `log`: that of the program; a command of an operator has none, and prints what is thrown. `tokenMs`: how long a token may take. */
export type PasswordOptions = { sign?: SignToken; log?: TokenLog; tokenMs?: number };

/** Where passwords come from. One per program: it asks for the role of the machine once, for all of them. */
export type Passwords = ReturnType<typeof createPasswords>;

/** Passwords are IAM tokens where a region is set. Each is fresh: a token is made without a call, and old ones stop working. */
export function createPasswords(options: PasswordOptions = {}) {
  const { sign = createTokenSigner(), log = noLog, tokenMs = defaultTokenMs } = options;
  const complain = onceAMinute(log);
  const passwordOf =
    (of: string, request: TokenRequest): Password =>
    async () => {
      try {
        return await pTimeout(sign(request), { milliseconds: tokenMs, message: 'no answer in time' });
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'no answer';
        complain({ of, reason });
        throw new NoToken(
          `No IAM token could be made for ${of}: ${sentence(reason)} Look at the role of this program.`,
        );
      }
    };
  return {
    /** The login of an address of Postgres. Without a region the password stands in it. */
    ofDatabase: (address: Secret, region: string | null): DatabaseLogin => {
      const url = address.reveal();
      return { url, password: region === null ? null : passwordOf('Postgres', databaseRequest(new URL(url), region)) };
    },
    /** The password of an address of Redis. Null: it stands in the address. */
    ofRedis: (address: Secret | null, iam: { region: string; cache: string } | null): Password | null =>
      address === null || iam === null ? null : passwordOf('Redis', redisRequest(new URL(address.reveal()), iam)),
  };
}

const noLog: TokenLog = { warn: () => {} };

/** A token for a database is for a host with its port, and a user. */
const databaseRequest = ({ hostname, port, username }: URL, region: string): TokenRequest => ({
  ...{ opens: 'rds-db', region, host: `${hostname}:${port || '5432'}` },
  query: { Action: 'connect', DBUser: decodeURIComponent(username) },
});

/** A token for Redis is for the name of a replication group, whatever its host is called, and a user. */
const redisRequest = ({ username }: URL, { region, cache }: { region: string; cache: string }): TokenRequest => ({
  ...{ opens: 'elasticache', region, host: cache },
  query: { Action: 'connect', User: decodeURIComponent(username) },
});

const sentence = (reason: string): string => `${reason.replace(/[.\s]+$/, '')}.`;

function onceAMinute(log: TokenLog): (fact: Record<string, unknown>) => void {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return (fact) => {
    if (performance.now() - loggedAt < logEveryMs) return;
    loggedAt = performance.now();
    log.warn(fact, 'no IAM token could be made');
  };
}
