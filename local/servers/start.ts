import { unreachableReason } from '../../config/explain-error.ts';
import { cacheFolder } from '../cache-folder.ts';
import { ownerUrl, rolePassword, type Secrets } from '../secrets.ts';
import type { LocalSettings } from '../settings.ts';
import { remedyForServer, StartFault } from '../start-fault.ts';
import type { Running } from '../supervise/program-group.ts';
import { sayAs, step } from '../terminal.ts';
import { createDatabase, type LoginRole, roleUrl, setRolePasswords, withClient } from './database.ts';
import { findRedis } from './find-redis.ts';
import { findTemporal } from './find-temporal.ts';
import { makeDataFolder, postgresPlan, superuserUrl } from './postgres.ts';
import { findPostgresBinaries, postgresDataFolder } from './postgres-binaries.ts';
import { postgresRunsAs } from './postgres-user.ts';
import { redisAnswers, redisPlan, redisUrl } from './redis.ts';
import { temporalAnswers, temporalPlan } from './temporal.ts';

/** Where the programs find what they need. `redis: null`: there is no cache. */
export type Addresses = {
  owner: string;
  database: Record<LoginRole, string>;
  temporal: string;
  temporalUi: string;
  redis: string | null;
};

const oldestPostgres = 15;

/** Asks the servers that the settings name, so that a wrong address is told before anything is started. Throws one sentence. */
export async function askGiven(settings: LocalSettings): Promise<void> {
  const { databaseUrl, temporalAddress, temporalNamespace, redisUrl: redis } = settings;
  if (databaseUrl) await step('Postgres', async () => `${await checkDatabase(databaseUrl)}, given by DATABASE_URL`);
  if (temporalAddress)
    await step('Temporal', async () => {
      const server = { name: `Temporal at ${temporalAddress}`, setting: 'TEMPORAL_ADDRESS' };
      await reach(server, () => temporalAnswers(temporalAddress, temporalNamespace));
      return `${temporalAddress}, given by TEMPORAL_ADDRESS`;
    });
  if (redis)
    await step('Redis', async () => {
      const { host } = new URL(redis);
      await reach({ name: `Redis at ${host}`, setting: 'REDIS_URL' }, () => redisAnswers(redis));
      return `${host}, given by REDIS_URL`;
    });
}

/** Postgres: the one of DATABASE_URL, else our own. Answers the owner's login to our database. */
export async function startPostgres(settings: LocalSettings, secrets: Secrets, running: Running): Promise<string> {
  const owner = ownerUrl(settings, secrets);
  if (settings.databaseUrl) return owner;
  await step('Postgres', async (say) => {
    const runAs = postgresRunsAs();
    const binaries = await findPostgresBinaries(runAs);
    const dataFolder = postgresDataFolder(settings.dataFolder, runAs);
    const options = {
      binaries,
      runAs,
      dataFolder,
      port: settings.ports.POSTGRES_PORT,
      password: secrets.postgres,
      durable: true,
    };
    if (!dataFolder.startsWith(settings.dataFolder))
      say(`its data is in ${dataFolder}, because its user may not enter here`);
    await makeDataFolder(options);
    await running.start(postgresPlan(options));
    await createDatabase(superuserUrl(options), 'quittance');
    return `${binaries.version}, port ${options.port}`;
  });
  return owner;
}

/** Temporal: the one of TEMPORAL_ADDRESS, else a dev server of ours. Answers its address. */
export async function startTemporal(settings: LocalSettings, running: Running): Promise<string> {
  if (settings.temporalAddress) return settings.temporalAddress;
  const { TEMPORAL_PORT: port, TEMPORAL_UI_PORT: uiPort } = settings.ports;
  await step('Temporal', async (say) => {
    const binary = await findTemporal(cacheFolder(), say);
    await running.start(temporalPlan({ binary: binary.path, folder: settings.dataFolder, port, uiPort }));
    return `dev server ${binary.origin}, port ${port}`;
  });
  return `127.0.0.1:${port}`;
}

/** Redis: the one of REDIS_URL, else one of ours, else none. Answers its address or null. */
export async function startRedis(settings: LocalSettings, secrets: Secrets, running: Running): Promise<string | null> {
  if (settings.redisUrl) return settings.redisUrl;
  const binary = await findRedis(cacheFolder(), sayAs('Redis'));
  if (!binary) {
    sayAs('Redis')('none here, so balances are read from Postgres; install redis-server or set REDIS_URL for a cache');
    return null;
  }
  const options = { binary, folder: settings.dataFolder, port: settings.ports.REDIS_PORT, password: secrets.redis };
  await step('Redis', async () => {
    await running.start(redisPlan(options));
    return `${binary.origin}, port ${options.port}`;
  });
  return redisUrl(options);
}

/** Brings the database to the newest schema and lets the programs' roles log in. Answers the login of each. */
export async function prepareDatabase(owner: string, secrets: Secrets): Promise<Record<LoginRole, string>> {
  await step('Schema', async () => {
    const { migrate } = await import('../../drizzle/migrate.ts');
    await migrate({ url: owner });
    await setRolePasswords(owner, (role) => rolePassword(owner, secrets, role));
    return 'newest migrations applied';
  });
  const login = (role: LoginRole) => roleUrl(owner, role, rolePassword(owner, secrets, role));
  return {
    quittance_api: login('quittance_api'),
    quittance_worker: login('quittance_worker'),
    quittance_reader: login('quittance_reader'),
  };
}

/** The version of the Postgres of DATABASE_URL; one sentence when it is away, too old, or its login may not make roles. */
async function checkDatabase(url: string): Promise<string> {
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
  return `version ${found.major}`;
}

async function reach<T>(server: { name: string; setting: string }, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const { name, setting } = server;
    const sentences = `${name} (${setting}) cannot be used: ${unreachableReason(cause)}. ${remedyForServer(cause, setting)}`;
    throw new StartFault(sentences, { cause });
  }
}
