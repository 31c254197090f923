import type { Area } from './names.ts';

/** What a program does in a bucket: on the bucket itself, and on its objects. Nothing else is allowed to it. */
export type StoreAccess = {
  /** The bucket, or that of the second account. */
  area: Area | 'checkpoints';
  bucket: readonly string[];
  objects: readonly string[];
  /** Below which keys; null: all. */
  below: string | null;
  /** What is done with the bucket's key, through S3. */
  key: readonly string[];
};

/**
 * A put is up to four calls (storage/put.ts): write with a date of retention, look for the older version where the write is refused, believe
 * only what the store then says of it, and lengthen the retention of an older one. So who puts also looks and reads, always one version by its id; nobody lists
 * names, reads "the newest", sets a legal hold, or deletes.
 */
const put: Pick<StoreAccess, 'bucket' | 'objects' | 'key'> = {
  bucket: ['s3:ListBucketVersions'],
  objects: [
    ...['s3:PutObject', 's3:PutObjectRetention'],
    ...['s3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
  ],
  // Also a HEAD for a checksum needs Decrypt.
  key: ['kms:GenerateDataKey', 'kms:Decrypt'],
};

/** Only by a version that the ledger names: also the links, which can do what their signer can. */
const readVersions: Pick<StoreAccess, 'bucket' | 'objects' | 'key'> = {
  bucket: [],
  objects: ['s3:GetObjectVersion'],
  key: ['kms:Decrypt'],
};

/** By program, as INFRA's services have them. `transfers`, migration, simulator and smoke have no store. */
export const storeAccess = {
  /** Links to statements, and statements as CSV (api/statements). It never sees the archive. */
  api: [{ area: 'statements', below: null, ...readVersions }],
  /** The worker with the roles statements and archive: makes statements, writes the archive, puts its checkpoints into the second store. */
  records: [
    { area: 'statements', below: null, ...put },
    { area: 'audit', below: null, ...put },
    // The second account's bucket has no key of its own to use.
    { area: 'checkpoints', below: null, ...put, key: [] },
  ],
  /** Delivers sign-in events: Firehose, which looks for the bucket and gives up what it cannot finish. */
  signIns: [
    {
      area: 'audit',
      bucket: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      objects: ['s3:PutObject', 's3:AbortMultipartUpload'],
      below: 'sign-ins/',
      key: ['kms:GenerateDataKey', 'kms:Decrypt'],
    },
  ],
  /** Who verifies, for the operator's task: `operator verify`, `archive-download`, `archive-epoch`. */
  verification: (['statements', 'audit'] as const).map((area) => ({
    area,
    bucket: ['s3:ListBucketVersions'],
    objects: ['s3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'],
    below: null,
    key: ['kms:Decrypt'],
  })),
} satisfies Record<string, readonly StoreAccess[]>;
