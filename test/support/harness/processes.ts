import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newPayloadKey } from '../../../encryption/key-file.ts';
import { freePort } from '../../../local/ports.ts';
import type { Program } from '../../../local/supervise/program.ts';
import { newArchiveKey } from '../../../operator/archive-key.ts';
import { type Pools, poolsOf } from '../fixtures/accounts.ts';
import { type FreshDatabase, freshDatabase } from '../fixtures/database.ts';
import { createLoadTenant, type LoadTenant } from '../fixtures/load.ts';
import { startSimulator } from './bank.ts';
import { startTestProgram } from './program.ts';
import { connectToTemporal, registerNamespace, temporalAddress } from './temporal.ts';

/** The platform as processes of its own, with a database, a Temporal namespace and ports that nobody else has. */
export type ProcessPlatform = {
  programs: Record<'api' | 'worker' | 'simulator', Program>;
  /** A second API and a second worker on the same ledger, where they were asked for, and the addresses of these. */
  seconds: { api: Program; worker: Program; apiUrl: string; workerMetricsUrl: string } | null;
  apiUrl: string;
  truthUrl: string;
  /** Of the API and the worker. */
  metricsUrls: string[];
  database: FreshDatabase;
  pools: Pools;
  tenant: LoadTenant;
  /** Logs and the client history. */
  folder: string;
  /** Ends all processes and drops the database; the folder stays when the test failed, for a look at the reason. */
  end(test?: { passed: boolean }): Promise<void>;
};

/** Short terms, so that a doubt ends within seconds. None is shorter than what busy processes need to answer. Milliseconds. */
const shortTerms = {
  RAIL_INSTANT_REQUEST_TIMEOUT_MS: '2500',
  RAIL_INSTANT_LEASE_MARGIN_MS: '2000',
  RAIL_INSTANT_QUIET_PERIOD_MS: '2000',
  RAIL_INSTANT_RETRY_MS: '500',
  RAIL_INSTANT_INQUIRY_WAITS_MS: '500,1000,2000',
  RAIL_INSTANT_BREAKER_OPEN_MS: '1000',
  SWEEP_GRACE_MS: '5000',
  SWEEP_EVERY_MS: '5000',
};

/**
 * `tree`: the root of the code that runs, ours unless said otherwise. `env`: settings that replace those of every platform
 * here. `login`: the form in which each program gets its login to the database.
 */
export type ProcessOptions = {
  tree?: string;
  env?: (ports: Environment['ports']) => Record<string, string>;
  login?: (url: string) => string;
  /** Two APIs and two workers. */
  twoOfEach?: boolean;
  /** A migrated one with what is in it; absent: an empty one. It is dropped at the end too. */
  database?: FreshDatabase;
};

/** Starts API, worker and simulator, and waits until they answer. */
export async function startProcesses(options: ProcessOptions = {}): Promise<ProcessPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-processes-'));
  const [database, namespace] = await Promise.all([options.database ?? freshDatabase(), newNamespace()]);
  const pools = poolsOf(database);
  const tenant = await createLoadTenant(pools);
  const ports = {
    api: await freePort(),
    apiMetrics: await freePort(),
    worker: await freePort(),
    simulator: await freePort(),
  };
  // What is in an archive is of one history, so it is in no store that others use.
  await mkdir(join(folder, 'objects'));
  await writeFile(join(folder, archiveKeyFile), newArchiveKey(), { mode: 0o600 });
  await writeFile(join(folder, payloadKeysFile), newPayloadKey(), { mode: 0o600 });
  const environment = { folder, database, namespace, ports };
  const programs = startPrograms(environment, options);
  const seconds = options.twoOfEach ? await startSeconds(environment, options) : null;
  const all = [...Object.values(programs), ...(seconds ? [seconds.api, seconds.worker] : [])];
  await Promise.all(all.map((program) => program.whenReady()));
  return {
    ...{ programs, seconds, database, pools, tenant, folder },
    apiUrl: `http://127.0.0.1:${ports.api}`,
    metricsUrls: [ports.apiMetrics, ports.worker].map((port) => `http://127.0.0.1:${port}/metrics`),
    truthUrl: `http://127.0.0.1:${ports.simulator}/control/truth`,
    end: async ({ passed } = { passed: false }) => {
      await Promise.all(all.map((program) => program.stop()));
      await pools.end();
      await database.drop();
      if (passed) await rm(folder, { recursive: true });
    },
  };
}

const archiveKeyFile = 'archive-key.pem';
const payloadKeysFile = 'payload-keys.txt';

type Environment = {
  folder: string;
  database: FreshDatabase;
  namespace: string;
  ports: Record<'api' | 'apiMetrics' | 'worker' | 'simulator', number>;
  /** Of the names of a second pair. */
  suffix?: string;
};

function startPrograms(environment: Environment, options: ProcessOptions): ProcessPlatform['programs'] {
  const { folder, ports } = environment;
  return { simulator: startSimulator(ports.simulator, folder), ...startPair(environment, options) };
}

/** On ports of their own; everything else is the same. */
async function startSeconds(environment: Environment, options: ProcessOptions): Promise<ProcessPlatform['seconds']> {
  const ports = {
    ...environment.ports,
    ...{ api: await freePort(), apiMetrics: await freePort(), worker: await freePort() },
  };
  const pair = startPair({ ...environment, ports, suffix: '-2' }, options);
  const at = (port: number, path = '') => `http://127.0.0.1:${port}${path}`;
  return { ...pair, apiUrl: at(ports.api), workerMetricsUrl: at(ports.worker, '/metrics') };
}

function startPair(
  { folder, database, namespace, ports, suffix = '' }: Environment,
  { tree, env: own, login = (url) => url }: ProcessOptions,
): Record<'api' | 'worker', Program> {
  const both = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    TEMPORAL_ADDRESS: temporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    RAIL_INSTANT_URL: `http://127.0.0.1:${ports.simulator}/instant`,
    SHUTDOWN_GRACE_MS: '5000',
    STORAGE_URL: pathToFileURL(join(folder, 'objects')).href,
    ARCHIVE_KEY_PATH: join(folder, archiveKeyFile),
    PAYLOAD_KEYS_PATH: join(folder, payloadKeysFile),
    ...shortTerms,
    ...(process.env['TEST_REDIS_URL'] && { REDIS_URL: process.env['TEST_REDIS_URL'] }),
    ...own?.(ports),
  };
  const worker = { ...both, DATABASE_URL: login(database.worker), WORKER_METRICS_PORT: String(ports.worker) };
  const api = {
    ...both,
    DATABASE_URL: login(database.api),
    API_PORT: String(ports.api),
    API_METRICS_PORT: String(ports.apiMetrics),
  };
  const start = (name: 'worker' | 'api', env: Record<string, string>, port: number) =>
    startTestProgram({
      ...{ name, as: `${name}${suffix}`, env, tree },
      ...{ health: `http://127.0.0.1:${port}/health`, logFolder: folder },
    });
  return { worker: start('worker', worker, ports.worker), api: start('api', api, ports.api) };
}

async function newNamespace(): Promise<string> {
  const connection = await connectToTemporal();
  try {
    return await registerNamespace(connection);
  } finally {
    await connection.close();
  }
}
