import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readEnv } from '../config/env.ts';
import { keepArchiveKey } from './archive-key.ts';
import { readLocalSettings } from './settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-archive-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (environment: Record<string, string> = {}) => ({
  ...readLocalSettings(environment),
  dataFolder: folder,
});

test('a key is made once, for its owner only, and is one that a worker takes', () => {
  const path = keepArchiveKey(settings()) ?? '';
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  const made = readFileSync(path, 'utf8');
  expect(keepArchiveKey(settings())).toBe(path);
  expect(readFileSync(path, 'utf8')).toBe(made);
  const env = readEnv({ DATABASE_URL: 'postgres://h/d', ARCHIVE_KEY_PATH: path });
  expect(env.archive.keys?.reveal()).toBe(made);
});

test('none is made where a setting names one', () => {
  const path = join(folder, 'own.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  expect(keepArchiveKey(settings({ ARCHIVE_KEY_PATH: path }))).toBeNull();
});
