import { rolePassword, type Secrets, storageSecret } from '../secrets.ts';
import type { LocalSettings } from '../settings.ts';
import type { ProgramGroup } from '../supervise/program-group.ts';
import { printAs, step } from '../terminal.ts';
import { createDatabase, type LoginRole, roleUrl, setRolePasswords } from './database.ts';
import { startPostgres, superuserUrl } from './postgres.ts';
import { startRedis } from './redis.ts';
import { folderOfCopy, makeFolderOfCopy, startStorage } from './storage.ts';
import { startTemporal } from './temporal.ts';

/** The addresses of the servers. `redis: null`: there is no cache. */
export type Addresses = {
  owner: string;
  database: Record<LoginRole, string>;
  temporal: string;
  redis: string | null;
  /** As STORAGE_URL, with the login in it. */
  storage: string;
};

type Start = { settings: LocalSettings; secrets: Secrets; group: ProgramGroup };

const databaseName = 'quittance';

/** Starts each server that no setting names, and brings the database to the newest schema. */
export async function startServers(start: Start): Promise<Addresses> {
  const { settings, secrets } = start;
  const [owner, temporal, redis, storage] = await Promise.all([
    settings.databaseUrl ?? startOwnPostgres(start),
    settings.temporal?.address ?? startOwnTemporal(start),
    settings.redisUrl ?? startOwnRedis(start),
    settings.storage.url?.reveal() ?? startOwnStorage(start),
  ]);
  return { owner, database: await prepareDatabase(owner, secrets), temporal, redis, storage };
}

/** Returns the owner's login to the database. */
async function startOwnPostgres({ settings, secrets, group }: Start): Promise<string> {
  const { dataFolder: folder, ports } = settings;
  const options = { folder, port: ports.POSTGRES_PORT, password: secrets.postgres, durable: true };
  const { dataFolder } = await step(
    'Postgres',
    () => startPostgres(options, group),
    ({ version }) => `${version}, port ${options.port}`,
  );
  if (!dataFolder.startsWith(folder))
    printAs('Postgres')(`its data is in ${dataFolder}, because its user may not enter here`);
  await createDatabase(superuserUrl(options), databaseName);
  return superuserUrl(options, databaseName);
}

async function startOwnTemporal({ settings, group }: Start): Promise<string> {
  const { dataFolder: folder, ports } = settings;
  const options = {
    folder,
    port: ports.TEMPORAL_PORT,
    uiPort: ports.TEMPORAL_UI_PORT,
    codecUrl: settings.codecServerUrl,
  };
  const server = await step(
    'Temporal',
    (print) => startTemporal(options, group, print),
    ({ origin }) => `dev server ${origin}, port ${options.port}`,
  );
  return server.address;
}

async function startOwnRedis({ settings, secrets, group }: Start): Promise<string | null> {
  const options = { folder: settings.dataFolder, port: settings.ports.REDIS_PORT, password: secrets.redis };
  const print = printAs('Redis');
  const server = await startRedis(options, group, print);
  if (server) print(`ready (${server.origin}, port ${options.port})`);
  else print('not found, so balances are read from Postgres; install redis-server or set REDIS_URL for a cache');
  return server?.url ?? null;
}

async function startOwnStorage({ settings, secrets, group }: Start): Promise<string> {
  const { dataFolder: folder, ports, storage } = settings;
  const print = printAs('Storage');
  const options = {
    folder,
    port: ports.STORAGE_PORT,
    secret: storageSecret(secrets),
    bucketPrefix: storage.bucketPrefix,
  };
  const kept = folderOfCopy(folder);
  const server = kept === null ? await startStorage(options, group, print) : null;
  if (server) print(`ready (${server.origin}, port ${options.port})`);
  else print('without an S3: objects are kept in a folder, which protects them from our programs and from nobody else');
  return server?.url ?? kept ?? makeFolderOfCopy(folder);
}

/** Lets the programs' roles log in. Returns the login of each. */
async function prepareDatabase(owner: string, secrets: Secrets): Promise<Record<LoginRole, string>> {
  const prepare = async () => {
    const { migrate } = await import('../../drizzle/migrate.ts');
    await migrate({ url: owner });
    await setRolePasswords(owner, (role) => rolePassword(owner, secrets, role));
  };
  await step('Schema', prepare, () => 'newest migrations applied');
  const login = (role: LoginRole) => roleUrl(owner, role, rolePassword(owner, secrets, role));
  return {
    quittance_api: login('quittance_api'),
    quittance_worker: login('quittance_worker'),
    quittance_reader: login('quittance_reader'),
  };
}
