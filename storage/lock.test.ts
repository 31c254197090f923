import {
  DeleteObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, expect, test } from '@jest/globals';
import { check } from '../domain/check.ts';
import { aDay, rawClient, storageUrls, storeAt } from '../test/support/harness/storage.ts';
import { anObject } from './contract.ts';
import type { Retention } from './port.ts';

/** What an administrator with the owner's login, and none of our rules, can do to what we put. */
const { s3, removeFolder } = storageUrls();
removeFolder();
const withS3 = s3 === null ? test.skip : test;
const store = storeAt(s3 ?? 'http://127.0.0.1:1');
const raw = rawClient(s3 ?? 'http://127.0.0.1:1');
afterAll(() => {
  store.close();
  raw.destroy();
});

type Where = { Bucket: string; Key: string; VersionId: string };
const bypass = { BypassGovernanceRetention: true };
const erase = async (where: Where, how = {}) => void (await raw.send(new DeleteObjectCommand({ ...where, ...how })));
const keep = async (where: Where, Mode: 'COMPLIANCE' | 'GOVERNANCE', inMs: number) =>
  void (await raw.send(
    new PutObjectRetentionCommand({
      ...{ ...where, ...bypass },
      Retention: { Mode, RetainUntilDate: new Date(Date.now() + inMs) },
    }),
  ));
const second = 1_000;
const week = 7 * 86_400_000;

withS3.each<[string, (where: Where) => Promise<void>]>([
  ['deleted', (where) => erase(where)],
  ['deleted with the right to bypass', (where) => erase(where, bypass)],
  ['kept for less time', (where) => keep(where, 'COMPLIANCE', 60 * second)],
  ['moved to governance', (where) => keep(where, 'GOVERNANCE', week)],
])('a version in compliance mode cannot be %s', async (_, attack) => {
  const { object, at, where } = await kept('compliance');
  await expect(attack(where)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  expect(await store.read({ ...at, sha256: object.sha256 })).toMatchObject({ ok: true });
  expect(await store.head(at)).toMatchObject({ ok: true, value: { retention: { mode: 'compliance' } } });
});

withS3('a version in governance mode is deleted only with the right to bypass, and not while it is held', async () => {
  const { at, where } = await kept('governance');
  await expect(erase(where)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  await store.hold(at, true);
  await expect(erase(where, bypass)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  await store.hold(at, false);
  await erase(where, bypass);
  expect(await store.head(at)).toEqual({ ok: false, refusal: { code: 'absent' } });
});

withS3('a legal hold of somebody else is seen', async () => {
  const { at, where } = await kept('governance');
  await raw.send(new PutObjectLegalHoldCommand({ ...where, LegalHold: { Status: 'ON' } }));
  expect(await store.head(at)).toMatchObject({ ok: true, value: { held: true } });
});

withS3(
  'what somebody else puts over it is another version; ours is read, found, and a conflict for others',
  async () => {
    const { object, at, where } = await kept('compliance');
    const { VersionId: _, ...key } = where;
    await raw.send(new PutObjectCommand({ ...key, Body: 'others' }));
    expect(await store.read({ ...at, sha256: object.sha256 })).toMatchObject({ ok: true });
    expect(await store.put(object)).toEqual({ ok: true, value: { versionId: at.versionId, existed: true } });
    expect(await store.put({ ...anObject(aDay()), key: at.key })).toMatchObject({
      refusal: { code: 'conflict', versionId: at.versionId },
    });
    expect((await store.versions({ area: at.area, prefix: at.key })).versions).toHaveLength(2);
  },
);

withS3('a delete marker hides nothing from us, and is seen; a put under it makes no second version', async () => {
  const { object, at, where } = await kept('compliance');
  const { VersionId: _, ...key } = where;
  await raw.send(new DeleteObjectCommand(key));
  expect(await store.read({ ...at, sha256: object.sha256 })).toMatchObject({ ok: true });
  expect(await store.put(object)).toEqual({ ok: true, value: { versionId: at.versionId, existed: true } });
  const { versions } = await store.versions({ area: at.area, prefix: at.key });
  expect(versions.map(({ isMarker }) => isMarker).toSorted()).toEqual([false, true]);
  const marker = versions.find(({ isMarker }) => isMarker);
  expect(await store.head({ ...at, versionId: marker?.versionId ?? '' })).toMatchObject({
    refusal: { code: 'absent' },
  });
});

withS3('an object without a checksum or a lock, which we did not put, is a conflict', async () => {
  const object = anObject(aDay());
  await raw.send(new PutObjectCommand({ Bucket: 'quittance-statements', Key: object.key, Body: object.bytes }));
  expect(await store.put(object)).toMatchObject({ refusal: { code: 'conflict' } });
});

async function kept(mode: Retention['mode']) {
  const object = anObject(aDay(mode));
  const put = await store.put(object);
  check(put.ok, 'it was refused');
  const { area, key } = object;
  const { versionId } = put.value;
  return {
    object,
    at: { area, key, versionId },
    where: { Bucket: `quittance-${area}`, Key: key, VersionId: versionId },
  };
}
