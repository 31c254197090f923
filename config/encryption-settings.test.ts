import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readEnv } from './env.ts';

const folder = mkdtempSync(join(tmpdir(), 'quittance-payload-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const least = { DATABASE_URL: 'postgres://api:hush@127.0.0.1/quittance' };
const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const arn = (id: string) => `arn:aws:kms:eu-central-1:111122223333:key/${id}`;
const file = (text: string) => {
  const path = join(folder, `${Math.random()}.txt`);
  writeFileSync(path, text);
  return path;
};

test('keys come from a file, from a text, from KMS, or from nowhere, and the first encrypts', () => {
  const read = (settings: Record<string, string>) => readEnv({ ...least, ...settings }).encryption;
  expect(read({})).toMatchObject({ keys: null, kmsKeys: [], encryptWith: null });
  expect(read({ PAYLOAD_KEYS_PATH: file(`${key(1)}\n${key(2)}\n`) })).toMatchObject({ encryptWith: 'file' });
  expect(read({ PAYLOAD_KEYS_DATA: `${key(1)}\n` }).keys?.reveal()).toBe(`${key(1)}\n`);
  const both = { PAYLOAD_KEYS_DATA: key(1), PAYLOAD_KMS_KEYS: `${arn('a')}, ${arn('b')}` };
  expect(read(both)).toMatchObject({ kmsKeys: [arn('a'), arn('b')], encryptWith: 'kms' });
  expect(read({ ...both, PAYLOAD_ENCRYPT_WITH: 'file' })).toMatchObject({ encryptWith: 'file' });
  expect(read({ ...both, PAYLOAD_ENCRYPT_WITH: 'nothing' })).toMatchObject({ encryptWith: null });
});

const fifth = [1, 2, 3, 4, 5].map(key).join('\n');
test.each([
  [{ PAYLOAD_KEYS_PATH: '/none' }, 'PAYLOAD_KEYS_PATH: names a file that cannot be read (ENOENT)'],
  [{ PAYLOAD_KEYS_PATH: file('hush') }, 'PAYLOAD_KEYS_PATH: must hold 1 to 4 keys'],
  [{ PAYLOAD_KEYS_DATA: fifth }, 'PAYLOAD_KEYS_DATA: must hold 1 to 4 keys'],
  [{ PAYLOAD_KEYS_DATA: Buffer.alloc(31).toString('base64') }, 'PAYLOAD_KEYS_DATA: must hold 1 to 4 keys'],
  [{ PAYLOAD_KEYS_DATA: `${key(1)}\n${key(1)}` }, 'PAYLOAD_KEYS_DATA: holds a key twice'],
  [
    { PAYLOAD_KEYS_DATA: key(1), PAYLOAD_KEYS_PATH: file(key(2)) },
    'PAYLOAD_KEYS_DATA: stands beside PAYLOAD_KEYS_PATH',
  ],
  [{ PAYLOAD_KMS_KEYS: 'alias/payloads' }, 'PAYLOAD_KMS_KEYS: must be ARNs of keys'],
  [{ PAYLOAD_KMS_KEYS: `${arn('a')},${arn('a')}` }, 'PAYLOAD_KMS_KEYS: names a key twice'],
  [{ PAYLOAD_KMS_KEYS: ['a', 'b', 'c', 'd', 'e'].map(arn).join(',') }, 'PAYLOAD_KMS_KEYS: must be at most 4 keys'],
  [{ PAYLOAD_ENCRYPT_WITH: 'kms' }, 'PAYLOAD_ENCRYPT_WITH: is kms, and PAYLOAD_KMS_KEYS names no key'],
  [{ PAYLOAD_ENCRYPT_WITH: 'file' }, 'PAYLOAD_ENCRYPT_WITH: is file, and neither'],
] as [Record<string, string>, string][])(
  'the settings %o are refused, in a sentence that holds no secret',
  (settings, problem) => {
    const read = () => readEnv({ ...least, ...settings });
    expect(read).toThrow(problem);
    expect(read).not.toThrow(/hush|AQEB/);
  },
);

const production = { ...least, NODE_ENV: 'production' };
const clouds: Record<string, string>[] = [
  { TEMPORAL_ADDRESS: 'ours.a1b2c.tmprl.cloud:7233' },
  { TEMPORAL_ADDRESS: 'OURS.A1B2C.TMPRL.CLOUD:7233' },
  { TEMPORAL_ADDRESS: 'eu-central-1.aws.api.temporal.io:7233' },
  { TEMPORAL_ADDRESS: 'vpce-0123.vpce-svc-0456.eu-central-1.vpce.amazonaws.com:7233', TEMPORAL_API_KEY: 'a-key' },
  { TEMPORAL_ADDRESS: 'vpce-0123.internal:7233', TEMPORAL_TLS_SERVER_NAME: 'ours.a1b2c.tmprl.cloud' },
];
test.each(clouds)('production with %o encrypts, or does not start', (temporal) => {
  const cloud = { ...production, ...temporal };
  expect(() => readEnv(cloud)).toThrow('PAYLOAD_KMS_KEYS: must let a key encrypt payloads');
  expect(() => readEnv({ ...cloud, PAYLOAD_KMS_KEYS: arn('a'), PAYLOAD_ENCRYPT_WITH: 'nothing' })).toThrow(
    'PAYLOAD_ENCRYPT_WITH: must let a key encrypt payloads',
  );
  for (const keys of [{ PAYLOAD_KMS_KEYS: arn('a') }, { PAYLOAD_KEYS_DATA: key(1) }])
    expect(readEnv({ ...cloud, ...keys }).encryption.encryptWith).not.toBeNull();
  expect(readEnv({ ...cloud, NODE_ENV: 'development' }).encryption.encryptWith).toBeNull();
});

test('production with a Temporal of its own need not encrypt', () => {
  for (const TEMPORAL_ADDRESS of ['temporal:7233', 'frontend.temporal.internal:7233', 'tmprl.cloud.example.com:7233'])
    expect(readEnv({ ...production, TEMPORAL_ADDRESS }).encryption.encryptWith).toBeNull();
});
