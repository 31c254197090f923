import { join } from 'node:path';
import { BadSettings, readEnv } from '../config/env.ts';
import type { Addresses } from './servers/start.ts';
import { type LocalSettings, temporalUiUrl } from './settings.ts';
import { StartFault } from './start-fault.ts';
import type { ProgramPlan } from './supervise/program.ts';

/** How long a stopping program waits for what is in flight, and how long we wait beyond that. */
const graceMs = 10_000;
const stopMarginMs = 5_000;
const readyWithinMs = 90_000;
const answerWithinMs = 2_000;
const simulatorLevels = ['debug', 'info', 'warn', 'error', 'silent'];

/** The bank on the other side of the rails. */
export function simulatorPlan(settings: LocalSettings): ProgramPlan {
  const { SIMULATOR_PORT: port } = settings.ports;
  const level = process.env['LOG_LEVEL'] ?? '';
  return program(settings, 'simulator', `${simulatorUrl(settings)}/ping`, {
    SIMULATOR_HOST: '127.0.0.1',
    SIMULATOR_PORT: String(port),
    SIMULATOR_JOURNAL: join(settings.dataFolder, 'simulator.jsonl'),
    LOG_LEVEL: simulatorLevels.includes(level) ? level : 'info',
  });
}

/** The worker in all its roles. Here notices may go to this machine itself. */
export function workerPlan(settings: LocalSettings, addresses: Addresses): ProgramPlan {
  const { WORKER_METRICS_PORT: port } = settings.ports;
  return program(settings, 'worker', `http://127.0.0.1:${port}/health`, {
    ...ours(settings, addresses),
    DATABASE_URL: addresses.database.quittance_worker,
    WORKER_METRICS_PORT: String(port),
    RAIL_INSTANT_URL: `${simulatorUrl(settings)}/instant`,
    NOTICES_ALLOW_PRIVATE: 'true',
  });
}

/** The API. */
export function apiPlan(settings: LocalSettings, addresses: Addresses): ProgramPlan {
  const { API_PORT: port, API_METRICS_PORT: metricsPort } = settings.ports;
  return program(settings, 'api', `${apiUrl(settings)}/health`, {
    ...ours(settings, addresses),
    DATABASE_URL: addresses.database.quittance_api,
    API_PORT: String(port),
    API_METRICS_PORT: String(metricsPort),
    RAIL_INSTANT_URL: `${simulatorUrl(settings)}/instant`,
    NOTICES_ALLOW_PRIVATE: 'true',
  });
}

/**
 * Reads the settings of API and worker in the way of the programs, before anything is started: a program that ends on a
 * bad value is restarted repeatedly, and its message comes late. Throws that sentence.
 */
export function checkPrograms(settings: LocalSettings): void {
  try {
    for (const plan of [apiPlan, workerPlan]) readEnv(plan(settings, likelyAddresses(settings)).env);
  } catch (cause) {
    if (!(cause instanceof BadSettings)) throw cause;
    throw new StartFault(cause.message, { cause });
  }
}

/** Placeholders for values that are known only once the servers run. */
function likelyAddresses(settings: LocalSettings): Addresses {
  const owner = 'postgres://postgres@127.0.0.1/quittance';
  return {
    owner,
    database: { quittance_api: owner, quittance_worker: owner, quittance_reader: owner },
    temporal: settings.temporalAddress ?? `127.0.0.1:${settings.ports.TEMPORAL_PORT}`,
    temporalUi: temporalUiUrl(settings),
    redis: settings.redisUrl,
  };
}

export const apiUrl = (settings: LocalSettings): string => `http://127.0.0.1:${settings.ports.API_PORT}`;
export const simulatorUrl = (settings: LocalSettings): string => `http://127.0.0.1:${settings.ports.SIMULATOR_PORT}`;

function ours(settings: LocalSettings, addresses: Addresses): Record<string, string | undefined> {
  return {
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    TEMPORAL_UI_URL: addresses.temporalUi,
    REDIS_URL: addresses.redis ?? undefined,
    SHUTDOWN_GRACE_MS: process.env['SHUTDOWN_GRACE_MS'] || String(graceMs),
  };
}

/** `node NAME/main.ts` in the checkout, with the caller's environment below its own settings. */
function program(
  settings: LocalSettings,
  name: string,
  health: string,
  env: Record<string, string | undefined>,
): ProgramPlan {
  return {
    name,
    command: process.execPath,
    args: [join(settings.root, name, 'main.ts')],
    env: { ...process.env, ...env },
    cwd: settings.root,
    stopSignal: 'SIGTERM',
    stopWithinMs: Number(env['SHUTDOWN_GRACE_MS'] ?? graceMs) + stopMarginMs,
    answers: async () => (await fetch(health, { signal: AbortSignal.timeout(answerWithinMs) })).ok,
    readyWithinMs,
    loudness: 'everything',
  };
}
