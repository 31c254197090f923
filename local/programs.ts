import { join } from 'node:path';
import { temporalVariables } from '../config/temporal-variables.ts';
import { urlOn } from '../config/url-on.ts';
import type { Addresses } from './servers/start.ts';
import type { LocalSettings } from './settings.ts';
import type { ProgramPlan } from './supervise/program.ts';

/** How long we wait for a program beyond its own bound for stopping. */
const stopMarginMs = 5_000;
const readyWithinMs = 90_000;
const answerWithinMs = 2_000;
const simulatorLevels = ['debug', 'info', 'warn', 'error', 'silent'];

/** The bank on the other side of the rails. */
export function simulatorPlan(settings: LocalSettings, token: string): ProgramPlan {
  return program(settings, 'simulator', `${simulatorUrl(settings)}/ping`, {
    SIMULATOR_HOST: '127.0.0.1',
    SIMULATOR_PORT: String(settings.ports.SIMULATOR_PORT),
    SIMULATOR_JOURNAL: join(settings.dataFolder, 'simulator.jsonl'),
    SIMULATOR_CONTROL_TOKEN: token,
    LOG_LEVEL: simulatorLevels.includes(settings.logLevel) ? settings.logLevel : 'info',
  });
}

/** Files with keys: the one that signs the archive, and those that encrypt what Temporal stores. Null: the environment says which. */
export type KeyFiles = { archiveKey: string | null; payloadKeys: string | null };

/** The worker. */
export const workerPlan = (settings: LocalSettings, addresses: Addresses, keys: KeyFiles): ProgramPlan =>
  program(settings, 'worker', `${urlOf(settings, 'WORKER_METRICS_PORT')}/health`, {
    ...ours(settings, addresses, keys),
    DATABASE_URL: addresses.database.quittance_worker,
    ...(keys.archiveKey !== null && { ARCHIVE_KEY_PATH: keys.archiveKey }),
  });

/** The API. */
export const apiPlan = (settings: LocalSettings, addresses: Addresses, keys: KeyFiles): ProgramPlan =>
  program(settings, 'api', `${apiUrl(settings)}/health`, {
    ...ours(settings, addresses, keys),
    DATABASE_URL: addresses.database.quittance_api,
  });

/** The codec server, which lets operators read payloads in Temporal's UI. It has no login to the database. */
export const codecServerPlan = (settings: LocalSettings, { payloadKeys }: KeyFiles): ProgramPlan =>
  program(settings, 'codec-server', `${urlOn(settings.codecServerHost, settings.ports.CODEC_SERVER_PORT)}/ping`, {
    ...(payloadKeys !== null && { PAYLOAD_KEYS_PATH: payloadKeys }),
    CODEC_SERVER_PUBLIC_URL: settings.codecServerUrl,
    CODEC_SERVER_API_URL: apiUrl(settings),
    TEMPORAL_UI_URL: settings.temporalUiUrl,
  });

export const apiUrl = (settings: LocalSettings): string => urlOf(settings, 'API_PORT');
export const simulatorUrl = ({ ports }: LocalSettings): string => `http://127.0.0.1:${ports.SIMULATOR_PORT}`;

const urlOf = ({ apiHost, ports }: LocalSettings, port: 'API_PORT' | 'WORKER_METRICS_PORT'): string =>
  urlOn(apiHost, ports[port]);

/** What a server that we start has no use for: it speaks plain text, and our Temporal has one namespace. */
const absent = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

/** What API and worker share. Here notices may go to this machine itself. */
const ours = (
  settings: LocalSettings,
  addresses: Addresses,
  { payloadKeys }: KeyFiles,
): Record<string, string | undefined> => ({
  ...(payloadKeys !== null && { PAYLOAD_KEYS_PATH: payloadKeys }),
  ...(!settings.temporal && absent(Object.keys(temporalVariables))),
  ...(!settings.redisUrl && absent(['REDIS_TLS_CA_CERT_PATH'])),
  TEMPORAL_ADDRESS: addresses.temporal,
  TEMPORAL_UI_URL: settings.temporalUiUrl,
  REDIS_URL: addresses.redis ?? undefined,
  STORAGE_URL: addresses.storage,
  RAIL_INSTANT_URL: `${simulatorUrl(settings)}/instant`,
  NOTICES_ALLOW_PRIVATE: 'true',
});

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
    stopWithinMs: settings.graceMs + stopMarginMs,
    answers: async () => (await fetch(health, { signal: AbortSignal.timeout(answerWithinMs) })).ok,
    readyWithinMs,
    loudness: 'everything',
  };
}
