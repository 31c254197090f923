import type { Deployment } from '../environment/deployment.ts';
import type { EnvironmentName } from '../environment/schema.ts';
import { bucketPrefixOf, prefixOf } from '../names.ts';

/** The platform's areas of objects, as storage/port.ts has them: each is a bucket. */
export const areas = ['statements', 'audit'] as const;
export type Area = (typeof areas)[number];

type Account = Pick<Deployment, 'account' | 'region'>;

/** What the platform is given as STORAGE_BUCKET_PREFIX. */
export const storagePrefixOf = (environment: EnvironmentName, { account, region }: Account): string =>
  bucketPrefixOf(environment, account, region);

/** The bucket of an area. In the other region the same, so that the platform finds it there by the region alone. */
export const objectBucketNameOf = (environment: EnvironmentName, deployment: Account, area: Area): string =>
  `${storagePrefixOf(environment, deployment)}-${area}`;

/** The bucket of checkpoints in the second account: ARCHIVE_COPY_BUCKET_PREFIX, and what the platform puts behind it. */
export const checkpointsNameOf = ({ checkpoints }: Pick<Deployment, 'checkpoints'>): string =>
  `${checkpoints.bucketPrefix}-audit`;

/** The role by which S3 copies objects into the other region. */
export const replicationRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-replication`;

/** The role that delivers sign-in events to the archive. Named, because the bucket's policy excepts it and knows no stack above. */
export const signInsRoleNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-sign-ins`;

/** Where sign-in events are in the archive's bucket. */
export const signInsPrefix = 'sign-ins/';

/** The vault of copies of backups, in the other region. */
export const copiesVaultNameOf = (environment: EnvironmentName): string => `${prefixOf(environment)}-copies`;
