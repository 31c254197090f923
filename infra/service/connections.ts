import type { Deployment } from '../environment/deployment.ts';
import type { Environment } from '../environment/schema.ts';
import { bucketPrefixOf } from '../names.ts';
import { fromSecret } from './injected.ts';
import type { Part } from './settings.ts';

/** Where Postgres is. `caPath`: the file in our image with the authorities of RDS. */
export type DatabasePlace = {
  writerHost: string;
  readerHost: string | null;
  port: string;
  name: string;
  caPath: string;
};

/** How a program logs in to Postgres: as its own user, by a token for each connection, with the server's certificate verified. */
export function databaseSettings(
  database: DatabasePlace,
  {
    region,
    user,
    pool,
    readsFromReaders = false,
  }: { region: string; user: string; pool: number | null; readsFromReaders?: boolean },
): Part<'DATABASE_'> {
  const { writerHost, readerHost, port, name, caPath } = database;
  const urlTo = (host: string) =>
    `postgres://${user}@${host}:${port}/${name}?sslmode=verify-full&sslrootcert=${caPath}`;
  return {
    DATABASE_URL: urlTo(writerHost),
    DATABASE_READER_URL: readsFromReaders && readerHost !== null ? urlTo(readerHost) : null,
    DATABASE_IAM_REGION: region,
    DATABASE_POOL_MAX: pool === null ? null : String(pool),
  };
}

/** Where the cache is. `name`: of the replication group, for which tokens are made. */
export type CachePlace = { host: string; port: string; name: string; user: string };

/** How a program logs in to the cache. Its certificate is signed by an authority that Node trusts. */
export const cacheSettings = ({ host, port, name, user }: CachePlace, region: string): Part<'REDIS_'> => ({
  REDIS_URL: `rediss://${user}@${host}:${port}`,
  REDIS_TLS_CA_CERT_PATH: null,
  REDIS_IAM_REGION: region,
  REDIS_IAM_CACHE: name,
});

/** Where Temporal is, and what it asks for: a key at Temporal Cloud, a certificate of ours on Fargate. */
export type TemporalPlace = {
  address: string;
  namespace: string;
  uiUrl: string;
  tls: boolean;
  /** ARN of the secret with the key. */
  apiKeyArn: string | null;
  /** ARN of the secret with the fields `ca`, `certificate` and `key`, and the name in the server's certificate. */
  mutual: { secretArn: string; serverName: string } | null;
};

export const temporalSettings = ({
  address,
  namespace,
  uiUrl,
  tls,
  apiKeyArn,
  mutual,
}: TemporalPlace): Part<'TEMPORAL_'> => ({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_NAMESPACE: namespace,
  TEMPORAL_UI_URL: uiUrl,
  TEMPORAL_API_KEY: apiKeyArn === null ? null : fromSecret(apiKeyArn),
  TEMPORAL_TLS: String(tls),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: null,
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: mutual === null ? null : fromSecret(mutual.secretArn, 'ca'),
  TEMPORAL_TLS_SERVER_NAME: mutual === null ? null : mutual.serverName,
  TEMPORAL_TLS_CLIENT_CERT_PATH: null,
  TEMPORAL_TLS_CLIENT_CERT_DATA: mutual === null ? null : fromSecret(mutual.secretArn, 'certificate'),
  TEMPORAL_TLS_CLIENT_KEY_PATH: null,
  TEMPORAL_TLS_CLIENT_KEY_DATA: mutual === null ? null : fromSecret(mutual.secretArn, 'key'),
});

/** Which key of KMS encrypts what Temporal stores. Null: the program has nothing to do with Temporal. */
export const payloadSettings = (kmsKeyArn: string | null): Part<'PAYLOAD_'> => ({
  PAYLOAD_KEYS_PATH: null,
  PAYLOAD_KEYS_DATA: null,
  PAYLOAD_KMS_KEYS: kmsKeyArn,
  PAYLOAD_ENCRYPT_WITH: null,
});

/** Where objects are kept: two buckets of this account, with the role of the task. */
export const storageSettings = ({ name, objects }: Environment, { account, region }: Deployment): Part<'STORAGE_'> => ({
  STORAGE_URL: `https://s3.${region}.amazonaws.com`,
  STORAGE_REGION: region,
  STORAGE_BUCKET_PREFIX: bucketPrefixOf(name, account, region),
  STORAGE_BUCKET_OWNER: account,
  STORAGE_RETENTION_MODE: objects.mode,
  STORAGE_RETENTION_YEARS: String(objects.years),
});

/** Nothing is stored by this program. */
export const noStorage: Part<'STORAGE_'> = {
  STORAGE_URL: null,
  STORAGE_REGION: null,
  STORAGE_BUCKET_PREFIX: null,
  STORAGE_BUCKET_OWNER: null,
  STORAGE_RETENTION_MODE: null,
  STORAGE_RETENTION_YEARS: null,
};

/** Nothing is archived by this program. */
export const noArchive: Part<'ARCHIVE_'> = {
  ARCHIVE_KEY_PATH: null,
  ARCHIVE_KMS_KEY: null,
  ARCHIVE_KEY_NAME: null,
  ARCHIVE_ORIGIN: null,
  ARCHIVE_COPY_URL: null,
  ARCHIVE_COPY_REGION: null,
  ARCHIVE_COPY_BUCKET_PREFIX: null,
  ARCHIVE_COPY_BUCKET_OWNER: null,
};

/** The networks. The one there is: a bank, or the simulator. Their terms are those of the rail. */
export const railSettings = (instantUrl: string): Part<'RAIL_'> => ({ RAIL_INSTANT_URL: instantUrl });
