import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartFault } from './start-fault.ts';

/** The launcher's settings. A null address means: start one here. */
export type LocalSettings = {
  /** The checkout. */
  root: string;
  /** Where everything of this copy is kept, an absolute path. */
  dataFolder: string;
  databaseUrl: string | null;
  temporalAddress: string | null;
  temporalNamespace: string;
  temporalUiUrl: string | null;
  redisUrl: string | null;
  ports: Ports;
};

/** The ports of one copy, by their settings: several copies can run with different numbers. */
export const defaultPorts = {
  API_PORT: 3001,
  API_METRICS_PORT: 9464,
  WORKER_METRICS_PORT: 9465,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
  POSTGRES_PORT: 5433,
  REDIS_PORT: 6380,
  SIMULATOR_PORT: 4010,
} as const;

/** Where everything of this copy is kept, below the checkout unless it begins with a slash. */
export const defaultData = '.local';

export type PortName = keyof typeof defaultPorts;
export type Ports = Record<PortName, number>;

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Reads the environment, after `.env` when there is one; what the environment has already wins. Throws one sentence. */
export function readLocalSettings(environment: Record<string, string | undefined> = process.env): LocalSettings {
  const dotEnv = resolve(root, '.env');
  if (environment === process.env && existsSync(dotEnv)) process.loadEnvFile(dotEnv);
  return {
    root,
    dataFolder: resolve(root, environment['LOCAL_DATA'] || defaultData),
    databaseUrl: url('DATABASE_URL', environment, /^postgres(ql)?:$/, 'postgres://user:password@host:5432/database'),
    temporalAddress: address('TEMPORAL_ADDRESS', environment),
    temporalNamespace: environment['TEMPORAL_NAMESPACE'] || 'default',
    temporalUiUrl: url('TEMPORAL_UI_URL', environment, /^https?:$/, 'http://127.0.0.1:8233'),
    redisUrl: url('REDIS_URL', environment, /^rediss?:$/, 'redis://host:6379'),
    ports: readPorts(environment),
  };
}

/** The address of Temporal's UI: the setting, else that of the server that we start. */
export const temporalUiUrl = (settings: LocalSettings): string =>
  settings.temporalUiUrl ?? `http://127.0.0.1:${settings.ports.TEMPORAL_UI_PORT}`;

function readPorts(environment: Record<string, string | undefined>): Ports {
  const ports: Ports = { ...defaultPorts };
  for (const name of Object.keys(defaultPorts) as PortName[]) {
    const text = environment[name];
    if (!text) continue;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new StartFault(`${name} must be a port from 1 to 65535.`);
    ports[name] = port;
  }
  return ports;
}

function url(
  name: string,
  environment: Record<string, string | undefined>,
  protocol: RegExp,
  example: string,
): string | null {
  const text = environment[name];
  if (!text) return null;
  // The value may hold a password, so the sentence does not repeat it.
  if (!URL.canParse(text) || !protocol.test(new URL(text).protocol))
    throw new StartFault(`${name} must look like ${example}.`);
  return text;
}

function address(name: string, environment: Record<string, string | undefined>): string | null {
  const text = environment[name];
  if (!text) return null;
  if (!/^[^\s/]+:[0-9]{1,5}$/.test(text))
    throw new StartFault(`${name} must look like host:port, for example 127.0.0.1:7233.`);
  return text;
}
