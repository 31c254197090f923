import type { DatabasePlace } from '../service/connections.ts';
import { databaseSettings, noArchive, noStorage, payloadSettings } from '../service/connections.ts';
import type { Settings } from '../service/settings.ts';

/** The Postgres user that owns the tables, and may make and change them. Nothing else logs in as it. */
export const migrationUser = 'quittance_migrator';

/** What the migration is told: where the database is. The rest it does not read. */
export const migrationSettings = (database: DatabasePlace, region: string): Settings => ({
  ...nothing,
  NODE_ENV: 'production',
  ...databaseSettings(database, { region, user: migrationUser, pool: null }),
});

/** What is told to a program that reads a few settings and no others, before those few. */
export const nothing: Settings = {
  NODE_ENV: null,
  LOG_LEVEL: null,
  DATABASE_URL: null,
  DATABASE_READER_URL: null,
  DATABASE_IAM_REGION: null,
  DATABASE_POOL_MAX: null,
  READER_LAG_MAX_MS: null,
  REDIS_URL: null,
  REDIS_TLS_CA_CERT_PATH: null,
  REDIS_IAM_REGION: null,
  REDIS_IAM_CACHE: null,
  TEMPORAL_ADDRESS: null,
  TEMPORAL_NAMESPACE: null,
  TEMPORAL_UI_URL: null,
  TEMPORAL_API_KEY: null,
  TEMPORAL_TLS: null,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: null,
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: null,
  TEMPORAL_TLS_SERVER_NAME: null,
  TEMPORAL_TLS_CLIENT_CERT_PATH: null,
  TEMPORAL_TLS_CLIENT_CERT_DATA: null,
  TEMPORAL_TLS_CLIENT_KEY_PATH: null,
  TEMPORAL_TLS_CLIENT_KEY_DATA: null,
  ...payloadSettings(null),
  ...noStorage,
  ...noArchive,
  API_HOST: null,
  API_PORT: null,
  API_PUBLIC_URL: null,
  API_DOCS: null,
  CORS_ORIGINS: null,
  TRUSTED_PROXIES: null,
  API_METRICS_PORT: null,
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
  RAIL_INSTANT_URL: null,
  SWEEP_GRACE_MS: null,
  SWEEP_EVERY_MS: null,
  NOTICES_ALLOW_PRIVATE: null,
  NOTICES_LOG_DAYS: null,
  SHUTDOWN_GRACE_MS: null,
};
