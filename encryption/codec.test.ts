import { expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { createPayloadCodec } from './codec.ts';
import { PayloadUnreadable } from './data-key.ts';
import { masterKeysIn, newPayloadKey } from './key-file.ts';
import { type Opening, openPayloadKeys } from './open-keys.ts';

const text = (value: string) => Buffer.from(value);
const payload = (value: unknown): Payload => ({
  metadata: { encoding: text('json/plain'), messageType: text('of-a-test') },
  data: text(JSON.stringify(value)),
});
const plain = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, String(bytes)])),
  data: String(data),
});

async function codecOf(keys: string[], { encrypts = true, ...opening }: Opening & { encrypts?: boolean } = {}) {
  const settings = { keys: keys.length === 0 ? null : { reveal: () => keys.join('') }, kmsKeys: [] };
  return createPayloadCodec(await openPayloadKeys({ ...settings, encryptWith: encrypts ? 'file' : null }, opening));
}
async function encoded(codec: { encode(payloads: Payload[]): Promise<Payload[]> }, value: unknown): Promise<Payload> {
  const [one] = await codec.encode([payload(value)]);
  if (!one) throw new Error('nothing was encoded');
  return one;
}

const secrets = { name: 'Ada Lovelace', account: 'DE89370400440532013000' };

test('what is encrypted shows neither content nor encoding, and is decrypted as it was', async () => {
  const codec = await codecOf([newPayloadKey()]);
  const all = [payload(secrets), payload([]), { metadata: { encoding: text('binary/null') } }];
  const stored = await codec.encode(all);
  for (const one of stored) {
    const bytes = Buffer.concat([...Object.values(one.metadata ?? {}), one.data ?? text('')]).toString('latin1');
    expect(bytes).not.toMatch(/Ada|DE89|json|null|of-a-test/);
    expect(plain(one).metadata).toMatchObject({ encoding: 'binary/encrypted', 'encryption-format': '1' });
  }
  expect((await codec.decode(stored)).map(plain)).toEqual([
    ...all.slice(0, 2).map(plain),
    { metadata: { encoding: 'binary/null' }, data: '' },
  ]);
});

test('the same payload is never encrypted to the same bytes', async () => {
  const codec = await codecOf([newPayloadKey()]);
  const all = await Promise.all(Array.from({ length: 1_000 }, () => encoded(codec, secrets)));
  expect(new Set(all.map(({ data }) => String(data?.slice(0, 12)))).size).toBe(1_000);
});

test('what is not encrypted is decoded as it is, with keys and without', async () => {
  for (const codec of [await codecOf([newPayloadKey()]), await codecOf([], { encrypts: false })])
    expect((await codec.decode([payload(secrets)])).map(plain)).toEqual([plain(payload(secrets))]);
});

test('without a key that encrypts, payloads go as they are, and what is encrypted is still decrypted', async () => {
  const key = newPayloadKey();
  const stored = await encoded(await codecOf([key]), secrets);
  const codec = await codecOf([key], { encrypts: false });
  expect(plain(await encoded(codec, secrets))).toEqual(plain(payload(secrets)));
  expect((await codec.decode([stored])).map(plain)).toEqual([plain(payload(secrets))]);
});

const bytes = (one: Uint8Array, change: (copy: Buffer) => Buffer): Uint8Array => change(Buffer.from(one));
const flip = (at: number) => (copy: Buffer) => {
  const place = at < 0 ? copy.length + at : at;
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
};
const inMetadata =
  (name: string, change: (copy: Buffer) => Buffer) =>
  (one: Payload): Payload => ({
    ...one,
    metadata: { ...one.metadata, [name]: bytes(one.metadata?.[name] ?? text(''), change) },
  });
const inData =
  (change: (copy: Buffer) => Buffer) =>
  (one: Payload): Payload => ({ ...one, data: bytes(one.data ?? text(''), change) });

const wrong: [string, (one: Payload) => Payload, RegExp][] = [
  ['nonce', inData(flip(0)), /encrypted with the key pk_\w+ was changed/],
  ['content', inData(flip(20)), /was changed/],
  ['tag', inData(flip(-1)), /was changed/],
  ['length', inData((copy) => copy.subarray(0, 20)), /was changed/],
  ['everything', inData(() => Buffer.alloc(0)), /was changed/],
  ['data key', inMetadata('encryption-data-key', flip(3)), /was changed/],
  ['length of the data key', inMetadata('encryption-data-key', (copy) => copy.subarray(1)), /it has 31 bytes/],
  ['format', inMetadata('encryption-format', () => text('2')), /form that this release does not know \(2\)/],
  [
    'metadata',
    ({ data }) => ({ data: data ?? text(''), metadata: { encoding: text('binary/encrypted') } }),
    /does not know \(none\)/,
  ],
];
test.each(wrong)(
  'a payload whose %s was changed is refused, raises an alarm, and shows nothing',
  async (_, change, form) => {
    const raised: string[] = [];
    const codec = await codecOf([newPayloadKey()], { raise: (what) => raised.push(what) });
    const decoded = codec.decode([change(await encoded(codec, secrets))]);
    await expect(decoded).rejects.toThrow(form);
    await expect(decoded).rejects.toBeInstanceOf(PayloadUnreadable);
    await expect(decoded).rejects.not.toThrow(/Ada/);
    expect(raised).toEqual(['payload_unreadable']);
  },
);

test('the bytes of one payload under the metadata of another are refused', async () => {
  const keys = [newPayloadKey()];
  const [one, other] = [await encoded(await codecOf(keys), 'one'), await encoded(await codecOf(keys), 'other')];
  await expect((await codecOf(keys)).decode([{ ...one, metadata: other.metadata ?? {} }])).rejects.toThrow(
    'was changed',
  );
});

test('a key that is not here is named, with those that are, and what to do', async () => {
  const [theirs, ours] = [newPayloadKey(), newPayloadKey()];
  const [their, our] = [theirs, ours].map((key) => masterKeysIn(key)[0]?.id);
  const stored = await encoded(await codecOf([theirs]), secrets);
  await expect((await codecOf([ours])).decode([stored])).rejects.toThrow(
    `A payload is encrypted with the key ${their}, which this program does not have (it has ${our}). Add it to PAYLOAD_KEYS_PATH`,
  );
});

test('while keys change, programs at each step read what those of the step before and after write', async () => {
  const [old, fresh] = [newPayloadKey(), newPayloadKey()];
  const steps = [[old], [old, fresh], [fresh, old]];
  for (const [n, keys] of steps.entries())
    for (const others of steps.slice(Math.max(n - 1, 0), n + 2)) {
      const stored = await encoded(await codecOf(others), secrets);
      expect((await (await codecOf(keys)).decode([stored])).map(plain)).toEqual([plain(payload(secrets))]);
    }
  // Only a program that skipped a step cannot.
  await expect((await codecOf([old])).decode([await encoded(await codecOf([fresh, old]), secrets)])).rejects.toThrow(
    'Add it',
  );
});

test.each([
  ['nothing', ''],
  ['a word', 'secret\n'],
  ['a key of 31 bytes', `${Buffer.alloc(31).toString('base64')}\n`],
  ['five keys', Array.from({ length: 5 }, newPayloadKey).join('')],
  ['a key twice', newPayloadKey().repeat(2)],
])('a file with %s is refused, and its text is not in the message', async (_, file) => {
  expect(() => masterKeysIn(file)).toThrow('1 to 4 different keys are needed');
  expect(() => masterKeysIn(file)).not.toThrow(file.trim() || 'no text');
});
