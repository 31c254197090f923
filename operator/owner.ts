import type pg from 'pg';
import { readEnv } from '../config/env.ts';
import { createPasswords, type DatabaseLogin } from '../config/iam-passwords.ts';
import { createPool } from '../drizzle/client.ts';

/** The actor of these commands in the audit log. */
export const actor = 'operator';

/** The login of DATABASE_URL. Throws an explained error for settings that cannot be used. */
export function ownLogin(): DatabaseLogin {
  const { url, iamRegion } = readEnv().database;
  return createPasswords().ofDatabase(url, iamRegion);
}

/**
 * Runs an operator's command on one connection with the login of DATABASE_URL, which is closed afterwards. `statementMs`: how long one statement may take, where the bound
 * of all is too short. Throws what `work`
 * throws, and an explained error for settings that cannot be used.
 */
export async function asOwner<T>(
  work: (pool: pg.Pool) => Promise<T>,
  { statementMs }: { statementMs?: number } = {},
): Promise<T> {
  const pool = createPool({
    ...ownLogin(),
    ...{ max: 1, name: 'quittance-operator', pipeline: true },
    ...(statementMs !== undefined && { statementMs }),
  });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
