import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { groupArchive } from '../config/archive-variables.ts';
import { groupEncryption } from '../config/encryption-variables.ts';
import { readVariables } from '../config/env.ts';
import { takeForeign } from '../config/environment.ts';
import { port } from '../config/forms.ts';
import { groupStorage } from '../config/storage-variables.ts';
import { groupTemporal, type TemporalSettings } from '../config/temporal-variables.ts';
import { urlOn } from '../config/url-on.ts';
import { variables } from '../config/variables.ts';

const fixedPort = port.min(1, 'must be a port from 1 to 65535');
const programs = variables.shape;

/** What `npm start` reads beside the settings of the programs, for what it starts itself. */
export const launcherVariables = z.object({
  LOCAL_DATA: z.string().default('.local').meta({
    description: 'The folder with everything that this copy keeps: an absolute path, or one below the checkout.',
  }),
  TEMPORAL_PORT: fixedPort
    .default(7233)
    .meta({ description: 'The port of its Temporal, unless TEMPORAL_ADDRESS names another.' }),
  TEMPORAL_UI_PORT: fixedPort.default(8233).meta({ description: "The port of that Temporal's web UI." }),
  POSTGRES_PORT: fixedPort
    .default(5433)
    .meta({ description: 'The port of its Postgres, unless DATABASE_URL names another.' }),
  REDIS_PORT: fixedPort.default(6380).meta({ description: 'The port of its Redis, unless REDIS_URL names another.' }),
  STORAGE_PORT: fixedPort
    .default(7070)
    .meta({ description: 'The port of its object store, unless STORAGE_URL names another.' }),
  SIMULATOR_PORT: fixedPort.default(4010).meta({ description: "The port of the simulator's bank." }),
});

/** All that `npm start` reads. An address that is absent means: start that server here. */
const all = variables.extend({
  ...launcherVariables.shape,
  DATABASE_URL: like(programs.DATABASE_URL, programs.DATABASE_URL.optional()),
  TEMPORAL_ADDRESS: like(programs.TEMPORAL_ADDRESS, programs.TEMPORAL_ADDRESS.unwrap().optional()),
  TEMPORAL_UI_URL: like(programs.TEMPORAL_UI_URL, programs.TEMPORAL_UI_URL.unwrap().optional()),
  API_PORT: fixed(programs.API_PORT),
  API_METRICS_PORT: fixed(programs.API_METRICS_PORT),
  WORKER_METRICS_PORT: fixed(programs.WORKER_METRICS_PORT),
  CODEC_SERVER_PORT: fixed(programs.CODEC_SERVER_PORT),
  CODEC_SERVER_METRICS_PORT: fixed(programs.CODEC_SERVER_METRICS_PORT),
});

/** The ports of one copy, by their settings: several copies can run with different numbers. */
export const portNames = [
  ...(['API_PORT', 'API_METRICS_PORT', 'WORKER_METRICS_PORT', 'SIMULATOR_PORT'] as const),
  ...(['CODEC_SERVER_PORT', 'CODEC_SERVER_METRICS_PORT'] as const),
  ...(['POSTGRES_PORT', 'REDIS_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'STORAGE_PORT'] as const),
];
export type PortName = (typeof portNames)[number];

/** The launcher's settings. A null address means: start one here. */
export type LocalSettings = ReturnType<typeof group>;

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Reads the environment, after `.env` when there is one; what the environment has already wins. Throws an explained error. */
export function readLocalSettings(environment: Record<string, string | undefined> = process.env): LocalSettings {
  const dotEnv = resolve(root, '.env');
  if (environment === process.env && existsSync(dotEnv)) {
    process.loadEnvFile(dotEnv);
    takeForeign(process.env);
  }
  // The launcher sets these two itself, see programs.ts.
  return group(readVariables(all, { ...environment, RAIL_INSTANT_URL: '', NOTICES_ALLOW_PRIVATE: '' }));
}

const group = (read: z.infer<typeof all>, ports: Record<PortName, number> = read) => ({
  /** The checkout. */
  root,
  /** Where everything of this copy is kept, an absolute path. */
  dataFolder: resolve(root, read.LOCAL_DATA),
  databaseUrl: read.DATABASE_URL?.reveal() ?? null,
  redisUrl: read.REDIS_URL?.reveal() ?? null,
  redisCa: read.REDIS_TLS_CA_CERT_PATH ?? null,
  temporal: givenTemporal(read),
  /** How objects are kept; `url` null means: by a server that is started here. */
  storage: groupStorage(read),
  /** Who signs the archive; `keys` null means: a key that is made here. */
  archive: groupArchive(read),
  /** By which keys everything is encrypted that Temporal stores; none means: one that is made here. */
  encryption: { ...groupEncryption(read), isOff: read.PAYLOAD_ENCRYPT_WITH === 'nothing' },
  temporalUiUrl: uiUrlOf(read),
  /** Where browsers find the codec server: the host of the UI, because they send the cookie of a sign-in to no other. */
  codecServerUrl: read.CODEC_SERVER_PUBLIC_URL ?? urlOn(read.CODEC_SERVER_HOST, read.CODEC_SERVER_PORT),
  codecServerHost: read.CODEC_SERVER_HOST,
  apiHost: read.API_HOST,
  workerRoles: read.WORKER_ROLES,
  logLevel: read.LOG_LEVEL,
  graceMs: read.SHUTDOWN_GRACE_MS,
  ports,
});

const uiUrlOf = (read: z.infer<typeof all>): string =>
  read.TEMPORAL_UI_URL ?? `http://127.0.0.1:${read.TEMPORAL_UI_PORT}`;

function givenTemporal(read: z.infer<typeof all>): TemporalSettings | null {
  const { TEMPORAL_ADDRESS } = read;
  return TEMPORAL_ADDRESS ? groupTemporal({ ...read, TEMPORAL_ADDRESS, TEMPORAL_UI_URL: uiUrlOf(read) }) : null;
}

/** Zero would ask the system for a port that nobody else knows. */
function fixed<T extends z.ZodType<number>>(setting: T): T {
  return like(
    setting,
    setting.refine((value) => value > 0, 'must be a port from 1 to 65535'),
  );
}

/** Another form of a setting, with its meaning. */
function like<T extends z.ZodType>(setting: z.ZodType, form: T): T {
  return form.meta(setting.meta() ?? {});
}
