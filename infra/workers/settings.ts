import { apiNameOf } from '../edge/names.ts';
import {
  cacheSettings,
  databaseSettings,
  payloadSettings,
  railSettings,
  storageSettings,
  temporalSettings,
} from '../service/connections.ts';
import { type ProgramsProps, temporalPlace } from '../service/props.ts';
import type { Settings } from '../service/settings.ts';
import { type WorkerKind, workerRoles } from './kinds.ts';

/** The Postgres user of all workers. */
export const workerUser = 'quittance_worker';

/** What a worker is told. */
export const workerSettings = (props: ProgramsProps & { kind: WorkerKind; instantUrl: string }): Settings => {
  const { environment, deployment, data, temporal, security, kind, instantUrl } = props;
  const archives = kind === 'records';
  return {
    NODE_ENV: 'production',
    LOG_LEVEL: null,
    ...databaseSettings(data.database, {
      region: deployment.region,
      user: workerUser,
      pool: environment.workers[kind].pool,
    }),
    READER_LAG_MAX_MS: null,
    ...cacheSettings(data.cache, deployment.region),
    ...temporalSettings(temporalPlace(temporal)),
    ...payloadSettings(security.keys.payloads.keyArn),
    ...storageSettings(environment, deployment),
    ARCHIVE_KEY_PATH: null,
    ARCHIVE_KMS_KEY: archives ? security.signing.attrArn : null,
    ARCHIVE_KEY_NAME: null,
    ARCHIVE_ORIGIN: archives ? `${apiNameOf(deployment.domain)}/archive` : null,
    ARCHIVE_COPY_URL: archives ? `https://s3.${deployment.region}.amazonaws.com` : null,
    ARCHIVE_COPY_REGION: null,
    ARCHIVE_COPY_BUCKET_PREFIX: archives ? deployment.checkpoints.bucketPrefix : null,
    ARCHIVE_COPY_BUCKET_OWNER: archives ? deployment.checkpoints.account : null,
    // Health and figures are for the containers of the task, which share one address.
    API_HOST: '127.0.0.1',
    API_PORT: null,
    API_PUBLIC_URL: `https://${apiNameOf(deployment.domain)}`,
    API_DOCS: null,
    CORS_ORIGINS: null,
    TRUSTED_PROXIES: null,
    API_METRICS_PORT: null,
    WORKER_METRICS_PORT: String(workerMetricsPort),
    WORKER_ROLES: workerRoles[kind].join(','),
    WORKER_BUILD_ID: null,
    WORKER_DEPLOYMENT: null,
    STATEMENT_THREADS: archives ? String(statementThreads(environment.workers.records.memoryMiB)) : null,
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
    SHUTDOWN_GRACE_MS: String(workerGraceMs),
  };
};

/** Health and figures of a worker. */
export const workerMetricsPort = 9465;

/** Fargate ends a task after two minutes. What runs longer reports itself, and goes on in another worker. */
export const workerGraceMs = 100_000;
export const workerStopSeconds = 120;

/** Each renders within a gigabyte at most, and the program needs as much itself. */
const statementThreads = (memoryMiB: number): number => Math.max(1, Math.floor(memoryMiB / 1_024) - 1);
