import { apiNameOf, consoleOriginOf } from '../edge/names.ts';
import {
  cacheSettings,
  databaseSettings,
  noArchive,
  payloadSettings,
  railSettings,
  storageSettings,
  temporalSettings,
} from '../service/connections.ts';
import { type ProgramsProps, temporalPlace } from '../service/props.ts';
import type { Settings } from '../service/settings.ts';

/** The Postgres user of the API. */
export const apiUser = 'quittance_api';

/** What the API is told. */
export const apiSettings = (props: ProgramsProps & { instantUrl: string }): Settings => {
  const { environment, deployment, data, temporal, security, instantUrl } = props;
  const { api, network } = environment;
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: null,
    ...databaseSettings(data.database, {
      region: deployment.region,
      user: apiUser,
      pool: api.pool.writer,
      readsFromReaders: api.pool.reader > 0,
    }),
    READER_LAG_MAX_MS: null,
    ...cacheSettings(data.cache, deployment.region),
    ...temporalSettings(temporalPlace(temporal)),
    ...payloadSettings(security.keys.payloads.keyArn),
    ...storageSettings(environment, deployment),
    ...noArchive,
    API_HOST: '0.0.0.0',
    API_PORT: String(api.port),
    API_PUBLIC_URL: `https://${apiNameOf(deployment.domain)}`,
    API_DOCS: null,
    CORS_ORIGINS: consoleOriginOf(deployment.domain),
    // CloudFront's private origin comes from an address of the network, and the balancer too. What they add is believed, and no more.
    TRUSTED_PROXIES: `10.${network.block}.0.0/16`,
    API_METRICS_PORT: String(apiMetricsPort),
    WORKER_METRICS_PORT: null,
    WORKER_ROLES: null,
    WORKER_BUILD_ID: null,
    WORKER_DEPLOYMENT: null,
    STATEMENT_THREADS: null,
    SCALER_PORT: null,
    SCALER_EVERY_MS: null,
    SCALER_METRICS_NAMESPACE: null,
    CODEC_SERVER_HOST: null,
    CODEC_SERVER_PORT: null,
    CODEC_SERVER_METRICS_PORT: null,
    CODEC_SERVER_PUBLIC_URL: null,
    CODEC_SERVER_API_URL: null,
    ...railSettings(instantUrl),
    SWEEP_GRACE_MS: null,
    SWEEP_EVERY_MS: null,
    NOTICES_ALLOW_PRIVATE: null,
    NOTICES_LOG_DAYS: null,
    SHUTDOWN_GRACE_MS: String(apiGraceMs),
  };
};

/** The figures of the API, for the collector in its task. */
export const apiMetricsPort = 9464;

/** Requests in flight are answered within these; then the balancer has stopped to send any for as long. */
export const apiGraceMs = 60_000;
