import { unreachableReason } from '../../config/explain-error.ts';
import { openStorage } from '../../storage/open.ts';
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
  const { databaseUrl, temporal, redisUrl, redisCa, storage } = settings;
  await checkServer('Postgres', 'DATABASE_URL', databaseUrl, checkDatabase);
  if (temporal) await checkServer('Temporal', 'TEMPORAL_ADDRESS', temporal.address, () => temporalAnswers(temporal));
  await checkServer('Redis', 'REDIS_URL', redisUrl, (url) => redisAnswers(url, redisCa));
  await checkServer('Storage', 'STORAGE_URL', storage.url?.reveal() ?? null, () => storageAnswers(storage));
}

async function checkServer(
  name: string,
  setting: string,
  address: string | null,
  check: (address: string) => Promise<unknown>,
): Promise<void> {
  if (address === null) return;
  const where = URL.canParse(address) ? new URL(address).host || address : address;
  const attempt = async () => {
    try {
      await check(address);
    } catch (cause) {
      if (cause instanceof StartFault) throw cause;
      const reason = `${name} at ${where} (${setting}) cannot be used: ${unreachableReason(cause)}.`;
      throw new StartFault(`${reason} ${remedyForServer(cause, setting)}`, { cause });
    }
  };
  await step(name, attempt, () => `${where}, given by ${setting}`);
}

/** Throws when the object store does not show what is in it. */
async function storageAnswers({ url, ...address }: LocalSettings['storage']): Promise<void> {
  if (url === null) return;
  const store = openStorage({ ...address, url }, { linkBase: '' });
  try {
    await store.versions({ area: 'statements', prefix: '' });
  } finally {
    store.close();
  }
}

/** Throws when the Postgres does not answer, is too old, or its login may not make roles. */
async function checkDatabase(url: string): Promise<void> {
  const found = await withClient(url, async (client) => {
    const sql = `select current_setting('server_version_num')::int / 10000 as major, rolsuper or rolcreaterole as may
      from pg_roles where rolname = current_user`;
    return (await client.query<{ major: number; may: boolean }>(sql)).rows[0];
  });
  if (!found || found.major < oldestPostgres)
    throw new StartFault(`The Postgres of DATABASE_URL is older than version ${oldestPostgres}: use a newer one.`);
  if (!found.may)
    throw new StartFault(`The login of DATABASE_URL may not make roles: give it CREATEROLE, or use a superuser.`);
}
