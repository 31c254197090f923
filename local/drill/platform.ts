import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../drizzle/migrate.ts';
import { keepArchiveKey } from '../archive-key.ts';
import { keepPayloadKeys } from '../payload-keys.ts';
import { apiPlan, apiUrl, simulatorPlan, simulatorUrl, workerPlan } from '../programs.ts';
import { controlToken, rolePassword } from '../secrets.ts';
import { createDatabase, databaseUrl, type LoginRole, roleUrl, setRolePasswords } from '../servers/database.ts';
import { findTemporal } from '../servers/find-temporal.ts';
import { startRedis } from '../servers/redis.ts';
import type { Addresses } from '../servers/start.ts';
import { makeFolderOfCopy } from '../servers/storage.ts';
import { temporalPlan } from '../servers/temporal.ts';
import { type Program, type ProgramPlan, startProgram } from '../supervise/program.ts';
import { createProgramGroup, type ProgramGroup } from '../supervise/program-group.ts';
import { createDrillDatabase, type DrillDatabase } from './database.ts';
import { type DrillFolder, makeDrillFolder } from './folder.ts';

/** A platform that is there to be destroyed: every server and program of it can be ended, and started again on the same place. */
export type DrillPlatform = {
  folder: DrillFolder;
  database: DrillDatabase;
  temporal: {
    start(): Promise<void>;
    kill(): Promise<void> /** Only while it is down. */;
    keepCopy(): void;
    putCopyBack(): void;
  };
  /** API and worker. */
  startPrograms(): Promise<void>;
  killPrograms(): Promise<void>;
  addresses: Addresses;
  apiUrl: string;
  truthUrl: string;
  /** What an operator's command needs of the environment. */
  operatorEnv: Record<string, string>;
  end(): Promise<void>;
};

const name = 'quittance';
const temporalFiles = ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'];

/** Starts Postgres with its log archived, Temporal, Redis, the bank, API and worker, all in a folder of their own. */
export async function startDrillPlatform(): Promise<DrillPlatform> {
  const folder = await makeDrillFolder();
  const database = createDrillDatabase(folder);
  const group = createProgramGroup({
    logFolder: join(folder.path, 'logs'),
    printAs: () => () => {},
    restartAfterMs: null,
  });
  const temporal = await createTemporal(folder);
  try {
    await Promise.all([database.start(), temporal.start()]);
    const addresses = await prepare(folder, { database, group });
    await group.start(planOf(folder, simulatorPlan(folder.settings, controlToken(folder.secrets))));
    const programs = createPrograms(folder, addresses);
    await programs.startPrograms();
    return {
      ...{ folder, database, temporal, addresses, ...programs },
      apiUrl: apiUrl(folder.settings),
      truthUrl: `${simulatorUrl(folder.settings)}/control/truth`,
      operatorEnv: operatorEnv(folder, addresses),
      end: async () => {
        await programs.killPrograms();
        await endServers({ folder, database, temporal, group });
      },
    };
  } catch (error) {
    await endServers({ folder, database, temporal, group });
    throw error;
  }
}

type Servers = {
  folder: DrillFolder;
  database: DrillDatabase;
  temporal: Pick<DrillPlatform['temporal'], 'kill'>;
  group: ProgramGroup;
};

async function endServers({ folder, database, temporal, group }: Servers): Promise<void> {
  await temporal.kill();
  await group.stopAll();
  await database.stop();
  rmSync(folder.path, { recursive: true, force: true });
}

async function prepare(
  { path, settings, secrets }: DrillFolder,
  { database, group }: Pick<Servers, 'database' | 'group'>,
): Promise<Addresses> {
  await createDatabase(database.superuser, name);
  const owner = databaseUrl(database.superuser, name);
  await migrate({ url: owner });
  const password = (role: LoginRole) => rolePassword(owner, secrets, role);
  await setRolePasswords(owner, password);
  const login = (role: LoginRole) => roleUrl(owner, role, password(role));
  const redis = await startRedis(
    { folder: path, port: settings.ports.REDIS_PORT, password: secrets.redis },
    group,
    () => {},
  );
  return {
    owner,
    database: {
      quittance_api: login('quittance_api'),
      quittance_worker: login('quittance_worker'),
      quittance_reader: login('quittance_reader'),
    },
    temporal: `127.0.0.1:${settings.ports.TEMPORAL_PORT}`,
    redis: redis?.url ?? null,
    storage: makeFolderOfCopy(path),
  };
}

async function createTemporal(folder: DrillFolder): Promise<DrillPlatform['temporal']> {
  const binary = await findTemporal(() => {});
  const plan = temporalPlan(binary.path, { folder: folder.path, port: folder.settings.ports.TEMPORAL_PORT });
  const pathOf = (file: string, at = folder.path) => join(at, file);
  const copy = join(folder.path, 'temporal-copy');
  let program: Program | null = null;
  return {
    start: async () => {
      program = launch(folder, plan);
      await program.whenReady();
    },
    kill: async () => {
      await program?.kill();
      await program?.stop();
    },
    keepCopy: () => {
      for (const file of temporalFiles) cpSync(pathOf(file), pathOf(file, copy));
    },
    putCopyBack: () => {
      for (const file of temporalFiles) {
        rmSync(pathOf(file), { force: true });
        cpSync(pathOf(file, copy), pathOf(file));
      }
    },
  };
}

function createPrograms(
  folder: DrillFolder,
  addresses: Addresses,
): Pick<DrillPlatform, 'startPrograms' | 'killPrograms'> {
  const { settings } = folder;
  const keys = { archiveKey: keepArchiveKey(settings), payloadKeys: keepPayloadKeys(settings) };
  const plans = [workerPlan(settings, addresses, keys), apiPlan(settings, addresses, keys)];
  let running: Program[] = [];
  return {
    startPrograms: async () => {
      running = plans.map((plan) => launch(folder, planOf(folder, plan)));
      await Promise.all(running.map((program) => program.whenReady()));
    },
    killPrograms: async () => {
      for (const program of running) {
        await program.kill();
        await program.stop();
      }
    },
  };
}

const launch = ({ path }: DrillFolder, plan: ProgramPlan): Program =>
  startProgram(plan, { logFolder: join(path, 'logs'), print: () => {}, restartAfterMs: null });

/** PATH and HOME of ours, and nothing else: a setting of the shell would change what is measured. */
const planOf = (folder: DrillFolder, plan: ProgramPlan): ProgramPlan => {
  const { PATH, HOME } = process.env;
  const own = Object.fromEntries(Object.entries(plan.env).filter(([key, value]) => value !== process.env[key]));
  return { ...plan, env: { PATH, HOME, ...folder.env, ...own }, loudness: 'nothing' };
};

const operatorEnv = ({ settings }: DrillFolder, { owner, storage, temporal }: Addresses): Record<string, string> => ({
  DATABASE_URL: owner,
  STORAGE_URL: storage,
  TEMPORAL_ADDRESS: temporal,
  ARCHIVE_KEY_PATH: keepArchiveKey(settings) ?? '',
});
