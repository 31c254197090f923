import { GetObjectLegalHoldCommand, GetObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StoredObject } from '../port.ts';
import { answered, missing } from './answered.ts';
import { retentionOf } from './stored-object.ts';

type Version = { Bucket: string; Key: string; VersionId: string };

/** That there is no lock: 404, or 400 by other servers, and where the bucket has none at all. */
const unlocked = { ...missing, 400: null } as const;

/** The lock of a version that exists, by the two questions for it. */
export async function readLock(
  client: S3Client,
  version: Version,
  abortSignal: AbortSignal,
): Promise<Pick<StoredObject, 'retention' | 'held'>> {
  const [retention, hold] = await Promise.all([
    answered(() => client.send(new GetObjectRetentionCommand(version), { abortSignal }), unlocked),
    answered(() => client.send(new GetObjectLegalHoldCommand(version), { abortSignal }), unlocked),
  ]);
  const { Mode, RetainUntilDate } = retention?.Retention ?? {};
  return { retention: retentionOf(Mode, RetainUntilDate), held: hold?.LegalHold?.Status === 'ON' };
}
