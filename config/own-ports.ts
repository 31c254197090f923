import type { Env } from './env.ts';

/** The ports that this platform's programs and servers have by these settings: a customer's notices may not go there. */
export function ownPorts(
  env: Pick<
    Env,
    | 'database'
    | 'standby'
    | 'redis'
    | 'temporal'
    | 'storage'
    | 'archive'
    | 'api'
    | 'worker'
    | 'scaler'
    | 'codecServer'
    | 'rails'
  >,
): number[] {
  const urls = [
    env.database.url.reveal(),
    env.standby.url?.reveal(),
    env.redis.url?.reveal(),
    env.storage.url?.reveal(),
    env.archive.copy.url?.reveal(),
    `tcp://${env.temporal.address}`,
    env.temporal.uiUrl,
    ...Object.values(env.rails).flatMap(({ settings }) => Object.values(settings)),
  ];
  const ofUrls = urls.flatMap((url) => (typeof url === 'string' && URL.canParse(url) ? [portOf(new URL(url))] : []));
  const own = [
    env.api.port,
    env.api.metricsPort,
    env.worker.metricsPort,
    env.scaler.port,
    env.codecServer.port,
    env.codecServer.metricsPort,
  ];
  return [...new Set([...own, ...ofUrls])].filter((port) => port > 0);
}

/** What a URL without a port means, by its scheme. */
const usual: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'tcp:': 7233,
};

/** A public web port is not one of ours, even when something of ours answers there. */
const portOf = ({ port, protocol }: URL): number => Number(port || (usual[protocol] ?? 0));
