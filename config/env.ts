import { z } from 'zod';
import { groupArchive } from './archive-variables.ts';
import { codecServerVariables, groupCodecServer } from './codec-server-variables.ts';
import { groupDatabase } from './database-variables.ts';
import { encryptionVariables, groupEncryption } from './encryption-variables.ts';
import { ExplainedError } from './explain-error.ts';
import { groupRails } from './rails.ts';
import { groupRedis } from './redis-variables.ts';
import { groupScaler, scalerVariables } from './scaler-variables.ts';
import { masterUrl, serverVariables } from './server-variables.ts';
import { groupStorage } from './storage-variables.ts';
import { groupTemporal, temporalVariables } from './temporal-variables.ts';
import { urlOn } from './url-on.ts';
import { contradictions, describeSettings, variables } from './variables.ts';

/** The settings of a program, grouped by subject. Read once in a `main.ts` and passed on as an argument. */
export type Env = ReturnType<typeof group>;

/** The settings are wrong. Its message names every wrong one with its meaning and an example, and never shows a value. */
export class BadSettings extends ExplainedError {
  override readonly name = 'BadSettings';
}

/** Reads and checks the settings of a program. An empty variable counts as absent. Throws {@link BadSettings}. */
export const readEnv = (source: Record<string, string | undefined> = process.env): Env =>
  group(readVariables(variables, source));

/** The name under which the archive is signed, for who makes a key: there may be no other setting yet. */
export const readArchiveKeyName = (source: Record<string, string | undefined> = process.env): string =>
  readVariables(variables.pick({ ARCHIVE_KEY_NAME: true }), source).ARCHIVE_KEY_NAME;

/** The address of a new server with its master's login, for what prepares it. */
export const readMasterUrl = (source: Record<string, string | undefined> = process.env): string =>
  masterUrl(readVariables(serverVariables, source));

/** Where objects are kept, for who reads them and needs no database. */
export const readStorage = (source: Record<string, string | undefined> = process.env): Env['storage'] =>
  groupStorage(readVariables(variables.pick(storageNames), source));

/** The settings of the scaler, which needs neither a database nor most others. */
export const readScalerEnv = (source: Record<string, string | undefined> = process.env) => {
  const { NODE_ENV, LOG_LEVEL, API_HOST } = variables.shape;
  const form = z.object({ NODE_ENV, LOG_LEVEL, API_HOST, ...temporalVariables, ...scalerVariables });
  const read = readVariables(form, source);
  return {
    mode: read.NODE_ENV,
    log: { level: read.LOG_LEVEL },
    api: { host: read.API_HOST },
    temporal: groupTemporal(read),
    scaler: groupScaler(read),
  };
};

/** The settings of the codec server, which has no database and reads nothing of Temporal but its namespace and its UI. */
export const readCodecServerEnv = (source: Record<string, string | undefined> = process.env) => {
  const { NODE_ENV, LOG_LEVEL, API_HOST, API_PORT, SHUTDOWN_GRACE_MS } = variables.shape;
  const own = { NODE_ENV, LOG_LEVEL, API_HOST, API_PORT, SHUTDOWN_GRACE_MS, ...codecServerVariables };
  const read = readVariables(z.object({ ...own, ...temporalVariables, ...encryptionVariables }), source);
  return {
    mode: read.NODE_ENV,
    log: { level: read.LOG_LEVEL },
    temporal: groupTemporal(read),
    encryption: groupEncryption(read),
    codecServer: groupCodecServer(read),
    shutdown: { graceMs: read.SHUTDOWN_GRACE_MS },
  };
};

const storageNames = {
  STORAGE_URL: true,
  STORAGE_REGION: true,
  STORAGE_BUCKET_PREFIX: true,
  STORAGE_BUCKET_OWNER: true,
  STORAGE_RETENTION_MODE: true,
  STORAGE_RETENTION_YEARS: true,
} as const;

/** Reads and checks the settings of a schema. An empty variable counts as absent. Throws {@link BadSettings}. */
export function readVariables<T extends z.ZodObject>(
  schema: T,
  source: Readonly<Record<string, string | undefined>>,
): z.infer<T> {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(present);
  const found = read.success
    ? // What a program does not read, such as the scaler the keys of payloads, is decided by those that do.
      contradictions(read.data).filter(([name]) => name in schema.shape)
    : read.error.issues.map(({ path, message }): [string, string] => [String(path[0]), message]);
  if (read.success && found.length === 0) return read.data;
  const problemOf = new Map(found.toReversed());
  const problems = describeSettings(schema).flatMap(({ name, meaning, example }) =>
    problemOf.has(name) ? [`  ${name}: ${problemOf.get(name)}. ${meaning} Example: ${example}`] : [],
  );
  throw new BadSettings(['These settings cannot be used:', ...problems].join('\n'));
}

const group = (read: z.infer<typeof variables>) => ({
  mode: read.NODE_ENV,
  log: { level: read.LOG_LEVEL },
  database: groupDatabase(read),
  /** A standby for readers; `url` null: there is none. */
  standby: { url: read.DATABASE_READER_URL ?? null, lagMaxMs: read.READER_LAG_MAX_MS },
  redis: groupRedis(read),
  temporal: groupTemporal(read),
  encryption: groupEncryption(read),
  storage: groupStorage(read),
  archive: groupArchive(read),
  api: {
    host: read.API_HOST,
    port: read.API_PORT,
    publicUrl: read.API_PUBLIC_URL ?? urlOn(read.API_HOST, read.API_PORT),
    metricsPort: read.API_METRICS_PORT,
    docs: read.API_DOCS,
    trustedProxies: read.TRUSTED_PROXIES ?? [],
    corsOrigins: read.CORS_ORIGINS ?? [],
  },
  worker: {
    metricsPort: read.WORKER_METRICS_PORT,
    roles: read.WORKER_ROLES,
    deployment: read.WORKER_DEPLOYMENT,
    /** Null: these workers have no version. */
    version:
      read.WORKER_BUILD_ID === undefined
        ? null
        : { deploymentName: read.WORKER_DEPLOYMENT, buildId: read.WORKER_BUILD_ID },
    /** Null: as many as the machine has room for. */
    statementThreads: read.STATEMENT_THREADS ?? null,
  },
  scaler: groupScaler(read),
  codecServer: groupCodecServer(read),
  rails: groupRails(read),
  /** The waits of the sweep that this installation replaces, in milliseconds. */
  sweep: withoutAbsent({ overdueGraceMs: read.SWEEP_GRACE_MS, sweepEveryMs: read.SWEEP_EVERY_MS }),
  /** `allowPrivate`: notices may go to plain http and to private addresses, for a laptop and never for production. `logDays`: how long the log of deliveries is kept. */
  notices: { allowPrivate: read.NOTICES_ALLOW_PRIVATE, logDays: read.NOTICES_LOG_DAYS },
  /** How long a stopping program waits for what is in flight. */
  shutdown: { graceMs: read.SHUTDOWN_GRACE_MS },
});

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only the members that have a value, so that spreading them over defaults never sets undefined. */
const withoutAbsent = <T extends object>(all: T): Present<T> =>
  // Every member that is left is one of T's, and is not undefined.
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Present<T>; // oxlint-disable-line typescript/no-unsafe-type-assertion
