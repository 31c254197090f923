import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readEnv } from '../config/env.ts';
import { openPayloadKeys } from '../encryption/open-keys.ts';
import { keepPayloadKeys } from './payload-keys.ts';
import { readLocalSettings } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-payload-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (environment: Record<string, string> = {}) => ({
  ...readLocalSettings(environment),
  dataFolder: folder,
});

test('a key is made once, for its owner only, and programs that get it encrypt', async () => {
  const path = keepPayloadKeys(settings()) ?? '';
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  const made = readFileSync(path, 'utf8');
  expect(keepPayloadKeys(settings())).toBe(path);
  expect(readFileSync(path, 'utf8')).toBe(made);
  const { encryption } = readEnv({ DATABASE_URL: 'postgres://h/d', PAYLOAD_KEYS_PATH: path });
  expect((await openPayloadKeys(encryption)).encrypts).toBe(true);
});

test.each([
  { PAYLOAD_KEYS_DATA: Buffer.alloc(32, 1).toString('base64') },
  { PAYLOAD_KMS_KEYS: 'arn:aws:kms:eu-central-1:111122223333:key/a' },
  { PAYLOAD_ENCRYPT_WITH: 'nothing' },
])('none is made where a setting says which there are, or that nothing is encrypted: %o', (environment) => {
  expect(keepPayloadKeys(settings(environment as Record<string, string>))).toBeNull();
});
