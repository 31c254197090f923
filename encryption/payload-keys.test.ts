import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type FakeKms, startFakeKms } from '../test/support/servers/kms.ts';
import { createPayloadCodec } from './codec.ts';
import { PayloadKeyFault, PayloadUnreadable } from './data-key.ts';
import { type Opening, openPayloadKeys } from './open-keys.ts';
import { createPayloadKeys, keyBounds } from './payload-keys.ts';

let kms: FakeKms;
beforeAll(async () => {
  kms = await startFakeKms();
});
beforeEach(() => {
  kms.mood = 'well';
  kms.calls.length = 0;
});
afterAll(() => kms.close());

/** Far above what a busy machine needs. */
const kmsBounds = { connectMs: 30_000, tryMs: 30_000, triesMax: 2, callMs: 60_000 };
/** Times that a test can wait for. */
const impatient = { ...kmsBounds, tryMs: 100 };
const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"Ada"') };

const open = (kmsKeys: string[], more: Opening = {}) =>
  openPayloadKeys({ keys: null, kmsKeys, encryptWith: 'kms' }, { server: kms.server, kmsBounds, ...more });
const codecOf = async (kmsKeys: string[], more: Opening = {}) => createPayloadCodec(await open(kmsKeys, more));
/** Waits for what a key does beside the work. */
const until = async (isSo: () => boolean) => {
  while (!isSo()) await sleep(5);
};

test('KMS is asked once for all payloads of a process, and once by each other process that reads them', async () => {
  const key = kms.addSymmetricKey();
  const [writer, reader] = [await codecOf([key]), await codecOf([key])];
  const stored = await writer.encode(Array.from({ length: 200 }, () => payload));
  expect(kms.calls).toEqual(['GenerateDataKey', 'GenerateDataKey']);
  await writer.decode(stored);
  const lists = await Promise.all(stored.map((one) => reader.decode([one])));
  expect(lists.flat().map(({ data }) => String(data))).toEqual(Array(200).fill('"Ada"'));
  expect(kms.calls.slice(2)).toEqual(['Decrypt']);
});

test('two keys of KMS are valid at once: the first encrypts, both decrypt', async () => {
  const [old, fresh] = [kms.addSymmetricKey(), kms.addSymmetricKey()];
  const [before, after] = [await codecOf([old, fresh]), await codecOf([fresh, old])];
  for (const [writer, reader] of [
    [before, after],
    [after, before],
  ] as const)
    expect((await reader.decode(await writer.encode([payload]))).map(({ data }) => String(data))).toEqual(['"Ada"']);
});

test('from a file to KMS and back: keys of both decrypt, and a setting says whose encrypts', async () => {
  const settings = { keys: { reveal: () => randomBytes(32).toString('base64') }, kmsKeys: [kms.addSymmetricKey()] };
  const file = settings.keys.reveal();
  const all = { ...settings, keys: { reveal: () => file } };
  const [first, second] = await Promise.all(
    (['file', 'kms'] as const).map(async (encryptWith) =>
      createPayloadCodec(await openPayloadKeys({ ...all, encryptWith }, { server: kms.server })),
    ),
  );
  const [byFile, byKms] = [await first?.encode([payload]), await second?.encode([payload])];
  expect([byFile, byKms].map((list) => String(list?.[0]?.metadata?.['encryption-key']).slice(0, 3))).toEqual([
    'pk_',
    'arn',
  ]);
  expect(String((await second?.decode(byFile ?? []))?.[0]?.data)).toBe('"Ada"');
  expect(String((await first?.decode(byKms ?? []))?.[0]?.data)).toBe('"Ada"');
});

test.each(['slow', 'broken', 'refusing'] as const)(
  'a KMS that is %s at the start is a fault that says so',
  async (mood) => {
    const key = kms.addSymmetricKey();
    kms.mood = mood;
    const raised: string[] = [];
    const opened = open([key], {
      ...(mood === 'slow' && { kmsBounds: impatient }),
      raise: (what) => raised.push(what),
    });
    await expect(opened).rejects.toBeInstanceOf(PayloadKeyFault);
    await expect(opened).rejects.toThrow(`KMS does not make a data key with ${key}`);
    expect(kms.calls).toHaveLength(mood === 'refusing' ? 1 : 2);
    expect(raised).toEqual(['payload_keys_unavailable']);
  },
);

test('a KMS that goes away is missed by nobody while the data key is good, and everything goes on when it is back', async () => {
  const key = kms.addSymmetricKey();
  const raised: string[] = [];
  const bounds = { ...keyBounds, renewAfterPayloads: 2, retryAfterMs: 0 };
  const codec = await codecOf([key], { bounds, raise: (what) => raised.push(what) });
  const [stored] = await codec.encode([payload]);
  kms.mood = 'broken';
  for (let n = 0; n < 10; n += 1)
    expect((await codec.decode(await codec.encode([payload]))).map(({ data }) => String(data))).toEqual(['"Ada"']);
  await until(() => raised.length > 0);
  expect(new Set(raised)).toEqual(new Set(['payload_keys_unavailable']));
  kms.mood = 'well';
  const dataKeyOf = async () => String((await codec.encode([payload]))[0]?.metadata?.['encryption-data-key']);
  const before = String(stored?.metadata?.['encryption-data-key']);
  while ((await dataKeyOf()) === before) await sleep(5);
  expect((await codec.decode(stored ? [stored] : [])).map(({ data }) => String(data))).toEqual(['"Ada"']);
});

test('a data key whose time or number is over is used no more, and without another nothing is encrypted', async () => {
  const key = kms.addSymmetricKey();
  const bounds = { ...keyBounds, usedMaxPayloads: 3, retryAfterMs: 0 };
  const codec = await codecOf([key], { bounds });
  kms.mood = 'broken';
  await codec.encode([payload, payload]);
  await expect(codec.encode([payload])).rejects.toBeInstanceOf(PayloadKeyFault);
  kms.mood = 'well';
  expect(await codec.encode([payload])).toHaveLength(1);
});

test('a key that was unwrapped is asked for again when its time is over, so a disabled one opens nothing more', async () => {
  const key = kms.addSymmetricKey();
  const stored = await (await codecOf([key])).encode([payload]);
  const codec = await codecOf([key], { bounds: { ...keyBounds, knownMs: 50 } });
  await codec.decode(stored);
  kms.mood = 'refusing';
  let fault: unknown = null;
  while (fault === null)
    fault = await codec.decode(stored).then(
      () => sleep(5, null),
      (error: unknown) => error,
    );
  expect(fault).toBeInstanceOf(PayloadKeyFault);
  expect(String(fault)).toMatch(/KMS does not unwrap a data key .*AccessDeniedException/);
});

test('a wrapped key that was changed is no fault of KMS', async () => {
  const codec = await codecOf([kms.addSymmetricKey()]);
  const [stored] = await codec.encode([payload]);
  const wrapped = Buffer.from(stored?.metadata?.['encryption-data-key'] ?? []).fill(1, 20, 21);
  const changed = { ...stored, metadata: { ...stored?.metadata, 'encryption-data-key': wrapped } };
  await expect(codec.decode([changed])).rejects.toBeInstanceOf(PayloadUnreadable);
});

test('known data keys are bounded: the one that was used longest ago is asked for again', async () => {
  const unwrapped: string[] = [];
  const master = {
    id: 'of-a-test',
    newDataKey: () => Promise.reject(new Error('none')),
    unwrap: (wrapped: Uint8Array) => {
      unwrapped.push(String(wrapped));
      return Promise.resolve(createSecretKey(randomBytes(32)));
    },
  };
  const keys = createPayloadKeys({ first: null, all: [master], bounds: { ...keyBounds, knownMax: 2 } });
  const find = (name: string) => keys.find({ masterKeyId: 'of-a-test', wrapped: Buffer.from(name) });
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await find(name);
  expect(unwrapped).toEqual(['a', 'b', 'c', 'b']);
  await Promise.all(['d', 'd', 'd'].map(find));
  expect(unwrapped).toHaveLength(5);
});

test('the next data key is made once for all that wait, beside the work', async () => {
  let made = 0;
  const master = {
    id: 'of-a-test',
    newDataKey: async () => {
      made += 1;
      await sleep(20);
      return { masterKeyId: 'of-a-test', wrapped: randomBytes(32), key: createSecretKey(randomBytes(32)) };
    },
    unwrap: () => Promise.reject(new Error('none')),
  };
  const keys = createPayloadKeys({ first: master, all: [master], bounds: { ...keyBounds, renewAfterPayloads: 100 } });
  const first = await Promise.all(Array.from({ length: 100 }, () => keys.dataKey()));
  expect([made, new Set(first).size]).toEqual([1, 1]);
  const next = await Promise.all(Array.from({ length: 50 }, () => keys.dataKey()));
  // Nobody waited for it: those got the key that there was.
  expect([made, new Set([...first, ...next]).size]).toEqual([2, 1]);
  await until(() => made === 2);
  while ((await keys.dataKey()) === first[0]) await sleep(5);
  expect(made).toBe(2);
});
