import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { check } from '../domain/check.ts';
import { until } from '../test/support/harness/in-time.ts';
import { type Relay, startRelay } from '../test/support/harness/relay.ts';
import {
  aDay,
  type OwnStorage,
  rawClient,
  startOwnStorage,
  storageUrls,
  storeAt,
} from '../test/support/harness/storage.ts';
import { anObject } from './contract.ts';
import type { NewObject, ObjectStore } from './port.ts';
import { sha256Of } from './sha256.ts';

/** A real S3 that dies, freezes and is lost behind a bad line. Whatever happens, the same put again ends with one version. */
const { s3, removeFolder } = storageUrls();
removeFolder();
const withS3 = s3 === null ? test.skip : test;
let server: OwnStorage;
let relay: Relay;
const open: ObjectStore[] = [];
beforeAll(async () => {
  if (s3 === null) return;
  const own = await startOwnStorage();
  check(own, 'the S3 of the run is there, and one of our own is not');
  server = own;
  relay = await startRelay(server.port);
});
afterEach(() => {
  if (relay) relay.rules = {};
  for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
  relay?.close();
  await server?.stop();
});

function store(changes: Parameters<typeof storeAt>[1] = {}, url = server.url, prefix = 'quittance'): ObjectStore {
  const made = storeAt(url, changes, { prefix });
  open.push(made);
  return made;
}
const behindRelay = (changes: Parameters<typeof storeAt>[1] = {}) =>
  store(changes, server.url.replace(/:\d+$/, `:${relay.port}`));

function large(): NewObject {
  const bytes = Buffer.alloc(8_000_000, anObject(aDay()).bytes);
  return { ...anObject(aDay()), bytes, sha256: sha256Of(bytes) };
}

/** That a put ends now, with one version and those bytes. */
async function endsWell(object: NewObject, existed: boolean | undefined): Promise<void> {
  const put = await store().put(object);
  expect(put).toMatchObject({ ok: true, value: existed === undefined ? {} : { existed } });
  check(put.ok, 'it was refused');
  const { versions } = await store().versions({ area: object.area, prefix: object.key });
  expect(versions.map(({ versionId }) => versionId)).toEqual([put.value.versionId]);
  expect(await store().read({ ...object, versionId: put.value.versionId })).toMatchObject({ ok: true });
}

withS3('killed in the middle of a put: nothing of it is there, and the same put again ends', async () => {
  const object = large();
  let bytes = 0;
  relay.rules.up = (part) => {
    bytes += part.length;
    if (bytes > 1_000_000 && bytes - part.length <= 1_000_000) void server.kill();
    return bytes > 1_000_000 ? null : part;
  };
  await expect(behindRelay().put(object)).rejects.toMatchObject({ name: 'StorageFault', code: 'unknown' });
  await expect(store().put(object)).rejects.toMatchObject({ code: 'unreachable' });
  await server.start();
  await endsWell(object, false);
});

withS3('killed after a put was answered: it is there', async () => {
  const object = anObject(aDay());
  await store().put(object);
  await server.kill();
  await server.start();
  await endsWell(object, true);
});

withS3('the answer to a put is lost: it is unknown, and the same put again finds it', async () => {
  const object = anObject(aDay());
  let isPutting = false;
  relay.rules = {
    up: (part) => {
      isPutting ||= part.toString('latin1').startsWith('PUT ');
      return part;
    },
    down: (part, client) => {
      if (!isPutting) return part;
      client.destroy();
      return null;
    },
  };
  await expect(behindRelay().put(object)).rejects.toMatchObject({ name: 'StorageFault', code: 'unknown' });
  await endsWell(object, true);
});

withS3('frozen: every call ends as unknown within its limit, and the same put ends when it goes on', async () => {
  const object = anObject(aDay());
  const put = await store().put(anObject(aDay()));
  check(put.ok, 'it was refused');
  const at = { ...anObject(aDay()), versionId: put.value.versionId };
  server.freeze();
  const brief = store({ callMs: 300 });
  const calls = [
    brief.put(object),
    brief.head(at),
    brief.read(at),
    brief.readRange(at, { from: 0, bytes: 1 }),
    brief.hold(at, true),
    brief.versions({ area: 'statements', prefix: '' }),
  ];
  try {
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'StorageFault', code: 'unknown' } });
  } finally {
    server.thaw();
  }
  await endsWell(object, undefined);
});

withS3('frozen in the middle of a put: the limit ends it, and the same put ends when it goes on', async () => {
  const object = large();
  relay.rules.up = (part) => {
    if (part.toString('latin1').startsWith('PUT ')) server.freeze();
    return part;
  };
  await expect(behindRelay({ callMs: 1_000 }).put(object)).rejects.toMatchObject({ code: 'unknown' });
  server.thaw();
  await endsWell(object, undefined);
});

withS3('frozen: calls beyond the limits are refused at once, and those that wait end', async () => {
  server.freeze();
  const narrow = store({ callMs: 300, runningMax: 1, waitingMax: 1 });
  const puts = [1, 2, 3].map(() => narrow.put(anObject(aDay())));
  try {
    const ends = (await Promise.allSettled(puts)).map((end) => (end.status === 'rejected' ? end.reason.code : 'put'));
    expect(ends).toEqual(['unknown', 'unknown', 'busy']);
  } finally {
    server.thaw();
  }
});

withS3('a byte that changes on the way to the store is refused by its checksum, and nothing is put', async () => {
  const object = anObject(aDay());
  relay.rules.up = (part) => Buffer.from(part.toString('latin1').replace('"trial"', '"trail"'), 'latin1');
  await expect(behindRelay().put(object)).rejects.toMatchObject({ name: 'StorageFault', code: 'corrupt' });
  relay.rules = {};
  await endsWell(object, false);
});

withS3('a byte that changes on the way back is a fault, and the next read is right', async () => {
  const object = anObject(aDay());
  const put = await store().put(object);
  check(put.ok, 'it was refused');
  const at = { ...object, versionId: put.value.versionId };
  relay.rules.down = (part) => Buffer.from(part.toString('latin1').replace('"trial"', '"trail"'), 'latin1');
  await expect(behindRelay().read(at)).rejects.toMatchObject({ name: 'StorageFault', code: 'corrupt' });
  relay.rules = {};
  expect(await behindRelay().read(at)).toMatchObject({ ok: true });
});

withS3('a store that does not keep the lock it was asked for is found out', async () => {
  await rawClient(server.url).send(new CreateBucketCommand({ Bucket: 'unlocked-statements' }));
  await expect(store({}, server.url, 'unlocked').put(anObject(aDay()))).rejects.toMatchObject({ code: 'lock_refused' });
  // One that takes the headers and does nothing, as emulators do: here the date in its answer to HEAD is another.
  relay.rules.down = (part) =>
    Buffer.from(part.toString('latin1').replace(/(?<=retain-until-date: )\d{4}/i, '2001'), 'latin1');
  await expect(behindRelay().put(anObject(aDay()))).rejects.toMatchObject({ code: 'lock_refused' });
});

withS3('full: a put says so, nothing of it is there, and what was put is still read', async () => {
  // A disk of 2 MiB that only this server sees.
  const small =
    'mount -t tmpfs -o size=2m tmpfs "$HOME/storage" && cd "$HOME/storage" && mkdir objects versions facts && exec "$0" "$@"';
  const full = await startOwnStorage(['unshare', '--map-root-user', '--mount', 'sh', '-c', small]);
  check(full, 'the S3 of the run is there, and one of our own is not');
  try {
    const first = anObject(aDay());
    const put = await store({}, full.url).put(first);
    check(put.ok, 'it was refused');
    const object = large();
    await expect(store({}, full.url).put(object)).rejects.toMatchObject({ name: 'StorageFault', code: 'full' });
    expect((await store({}, full.url).versions({ area: object.area, prefix: object.key })).versions).toEqual([]);
    expect(await store({}, full.url).read({ ...first, versionId: put.value.versionId })).toMatchObject({ ok: true });
  } finally {
    await full.stop();
  }
});

withS3.each([
  ['a wrong secret', 'denied', (url: string) => [url.replace('of-a-test', 'of-nobody'), 'quittance']],
  ['a login that there is not', 'denied', (url: string) => [url.replace('quittance:', 'nobody:'), 'quittance']],
  ['a bucket that there is not', 'unusable', (url: string) => [url, 'nowhere']],
  ['a host that there is not', 'unreachable', () => ['http://a:b@nowhere.invalid', 'quittance']],
] satisfies [string, string, (url: string) => string[]][])('%s is %s', async (_, code, settings) => {
  const [url = '', prefix = ''] = settings(server.url);
  const put = store({}, url, prefix).put(anObject(aDay()));
  await expect(put).rejects.toMatchObject({ name: 'StorageFault', code });
  await expect(put).rejects.not.toThrow(/of-nobody|of-a-test/);
  // What cannot be asked is not absent.
  const at = { ...anObject(aDay()), versionId: '01M8KH06QS2RSFE04MSNT8N20Q' };
  const asks = [
    (one: ObjectStore) => one.head(at),
    (one: ObjectStore) => one.read(at),
    (one: ObjectStore) => one.hold(at, true),
  ];
  for (const ask of asks)
    await expect(ask(store({}, url, prefix))).rejects.toMatchObject({ name: 'StorageFault', code });
});

withS3(
  'conflicting writers at once, each trying until it has an answer, while the store is killed: one wins',
  async () => {
    const one = anObject(aDay());
    const writers = Array.from({ length: 6 }, () => ({ ...anObject(aDay()), key: one.key }));
    const ends = writers.map(async (object) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const put = await store()
          .put(object)
          .catch(() => null);
        if (put) return put.ok ? 'put' : put.refusal.code;
        await sleep(50);
      }
      return 'no answer';
    });
    await server.kill();
    await server.start();
    expect((await Promise.all(ends)).toSorted()).toEqual([...Array(5).fill('conflict'), 'put']);
    await until(async () => (await store().versions({ area: one.area, prefix: one.key })).versions.length === 1);
  },
);
