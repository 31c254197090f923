import pg from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import type { DatabaseLogin } from '../config/iam-passwords.ts';

/**
 * What pg connects with. An address that has no password would still win over a password beside it, so it is taken apart where the password is
 * made for each connection.
 */
export function connectionOf({ url, password = null }: DatabaseLogin): pg.ClientConfig {
  return password === null ? { connectionString: url } : { ...toClientConfig(parse(url)), password: orEnd(password) };
}

/**
 * pg leaves a connection open whose password could not be made, and the server keeps a place for it until it gives up, after a minute: while no token
 * can be made, each try would take one. pg calls this with its client as `this`.
 */
function orEnd(password: () => Promise<string>): () => Promise<string> {
  return async function endingOnFailure(this: unknown) {
    try {
      return await password();
    } catch (error) {
      if (this instanceof pg.Client) void this.end();
      throw error;
    }
  };
}
