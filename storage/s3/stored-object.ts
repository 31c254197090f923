import type { HeadObjectOutput } from '@aws-sdk/client-s3';
import type { ObjectVersion, Retention, StoredObject } from '../port.ts';

const modes = { compliance: 'COMPLIANCE', governance: 'GOVERNANCE' } as const;

/** A retention in S3's words. */
export const lockOf = ({ mode, until }: Retention) => ({ Mode: modes[mode], RetainUntilDate: until });

/** What S3 says of a version, in ours. */
export function toStoredObject(at: ObjectVersion, head: HeadObjectOutput): StoredObject {
  const { ContentLength = 0, ContentType = '', ChecksumSHA256, ChecksumType } = head;
  // The checksum of a multipart upload is one over checksums.
  const isWhole = ChecksumSHA256 !== undefined && ChecksumType !== 'COMPOSITE';
  return {
    ...at,
    bytes: ContentLength,
    sha256: isWhole ? Buffer.from(ChecksumSHA256, 'base64').toString('hex') : null,
    type: ContentType,
    retention: retentionOf(head.ObjectLockMode, head.ObjectLockRetainUntilDate),
    held: head.ObjectLockLegalHoldStatus === 'ON',
  };
}

/** A lock of S3 in our words; null when there is none. Stores keep whole seconds, and some say parts of one. */
export function retentionOf(mode: string | undefined, until: Date | undefined): Retention | null {
  if (mode === undefined || until === undefined) return null;
  return { mode: mode === 'COMPLIANCE' ? 'compliance' : 'governance', until };
}
