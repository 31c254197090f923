import { unreachableReason } from '../../config/explain-error.ts';
import type { LocalSettings } from '../settings.ts';
import { remedyForServer, StartFault } from '../start-fault.ts';
import { step } from '../terminal.ts';
import { withClient } from './database.ts';
import { redisAnswers } from './redis.ts';
import { temporalAnswers } from './temporal.ts';

const oldestPostgres = 15;

/**
 * Connects to the servers that the settings name, so that a wrong address is an error before anything is started. Throws
 * one sentence.
 */
export async function checkGivenServers(settings: LocalSettings): Promise<void> {
  const { databaseUrl, temporalAddress, temporalNamespace, redisUrl } = settings;
  if (databaseUrl)
    await step(
      'Postgres',
      () => checkDatabase(databaseUrl),
      (version) => `version ${version}, given by DATABASE_URL`,
    );
  if (temporalAddress) {
    const server = { name: `Temporal at ${temporalAddress}`, setting: 'TEMPORAL_ADDRESS' };
    const attempt = () => reach(server, () => temporalAnswers(temporalAddress, temporalNamespace));
    await step('Temporal', attempt, () => `${temporalAddress}, given by TEMPORAL_ADDRESS`);
  }
  if (redisUrl) {
    const { host } = new URL(redisUrl);
    const attempt = () => reach({ name: `Redis at ${host}`, setting: 'REDIS_URL' }, () => redisAnswers(redisUrl));
    await step('Redis', attempt, () => `${host}, given by REDIS_URL`);
  }
}

/** The version of the Postgres of DATABASE_URL. Throws when it does not answer, is too old, or its login may not make roles. */
async function checkDatabase(url: string): Promise<number> {
  const server = `Postgres at ${new URL(url).host}${new URL(url).pathname}`;
  const found = await reach({ name: server, setting: 'DATABASE_URL' }, () =>
    withClient(url, async (client) => {
      const sql = `select current_setting('server_version_num')::int / 10000 as major, rolsuper or rolcreaterole as may
        from pg_roles where rolname = current_user`;
      return (await client.query<{ major: number; may: boolean }>(sql)).rows[0];
    }),
  );
  if (!found || found.major < oldestPostgres)
    throw new StartFault(`${server} (DATABASE_URL) is older than version ${oldestPostgres}: use a newer one.`);
  if (!found.may)
    throw new StartFault(`The login of DATABASE_URL may not make roles: give it CREATEROLE, or use a superuser.`);
  return found.major;
}

async function reach<T>({ name, setting }: { name: string; setting: string }, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    const reason = `${name} (${setting}) cannot be used: ${unreachableReason(cause)}.`;
    throw new StartFault(`${reason} ${remedyForServer(cause, setting)}`, { cause });
  }
}
