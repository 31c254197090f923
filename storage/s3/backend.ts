import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Backend } from '../backend.ts';
import { StorageFault } from '../fault.ts';
import type { NewObject, ObjectVersion, Range } from '../port.ts';
import { answered, missing, onceOnly } from './answered.ts';
import { readBody } from './body.ts';
import { createS3Client } from './client.ts';
import { createListing } from './listing.ts';
import { readLock } from './lock.ts';
import type { S3Settings } from './settings.ts';
import { lockOf, toStoredObject } from './stored-object.ts';

/** Objects in S3, or in a server that speaks its protocol and has Object Lock. */
export function createS3Backend(settings: S3Settings): Backend {
  const client = createS3Client(settings);
  const where = ({ area, key }: Pick<ObjectVersion, 'area' | 'key'>) => ({ ...bucketOf(settings, area), Key: key });
  const version = (at: ObjectVersion) => ({ ...where(at), VersionId: at.versionId });
  return {
    ...createListing(client, (area) => bucketOf(settings, area)),
    create: (object, abortSignal) =>
      answered(async () => {
        const { VersionId } = await client.send(new PutObjectCommand(toPut(object, where(object))), { abortSignal });
        if (VersionId) return VersionId;
        throw new StorageFault('lock_refused', `${object.area}: its bucket keeps no versions`);
      }, onceOnly),
    head: async (at, abortSignal) => {
      const found = await answered(async () => {
        const command = new HeadObjectCommand({ ...version(at), ChecksumMode: 'ENABLED' });
        return toStoredObject(at, await client.send(command, { abortSignal }));
      }, missing);
      // HEAD has no body to say what is missing: the version, its bucket or our login. This one does, and throws for the last two.
      if (found === null) await answered(() => readLock(client, version(at), abortSignal), missing);
      // Some servers say the lock of a version only when they are asked for it, once a newer one lies over it.
      return found?.retention === null ? { ...found, ...(await readLock(client, version(at), abortSignal)) } : found;
    },
    keep: (at, retention, abortSignal) =>
      answered(async () => {
        const command = new PutObjectRetentionCommand({ ...version(at), Retention: lockOf(retention) });
        await client.send(command, { abortSignal });
      }, {}),
    read: (at, { range, bytesMax }, abortSignal) =>
      answered(
        async () => {
          const command = new GetObjectCommand({ ...version(at), ...(range && { Range: spelled(range) }) });
          const { Body } = await client.send(command, { abortSignal });
          return readBody(Body, bytesMax, abortSignal);
        },
        { ...missing, 416: 'out_of_range' as const },
      ),
    link: (at, { filename, seconds }) => {
      const ResponseContentDisposition = `attachment; filename="${filename}"`;
      const command = new GetObjectCommand({ ...version(at), ResponseContentDisposition });
      return answered(() => getSignedUrl(client, command, { expiresIn: seconds }), {});
    },
    hold: (at, on, abortSignal) =>
      answered(
        async () => {
          const LegalHold = { Status: on ? 'ON' : 'OFF' } as const;
          await client.send(new PutObjectLegalHoldCommand({ ...version(at), LegalHold }), { abortSignal });
          return true;
        },
        { 404: false as const },
      ),
    close: () => client.destroy(),
  };
}

function bucketOf({ bucketPrefix, owner }: S3Settings, area: string) {
  return { Bucket: `${bucketPrefix}-${area}`, ...(owner !== null && { ExpectedBucketOwner: owner }) };
}

/** `IfNoneMatch`: only when the key has no object. The store compares the checksum with the bytes that arrive. */
function toPut({ bytes, sha256, type, retention }: NewObject, where: { Bucket: string; Key: string }) {
  const { Mode, RetainUntilDate } = lockOf(retention);
  return {
    ...where,
    Body: bytes,
    ContentLength: bytes.length,
    ContentType: type,
    IfNoneMatch: '*',
    ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    ObjectLockMode: Mode,
    ObjectLockRetainUntilDate: RetainUntilDate,
  };
}

const spelled = ({ from, bytes }: Range): string => `bytes=${from}-${from + bytes - 1}`;
