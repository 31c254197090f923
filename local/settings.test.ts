import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { BadSettings } from '../config/env.ts';
import { settingsDocument } from '../docs/generate/settings.ts';
import { launcherVariables, readLocalSettings } from './settings.ts';

const example = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');

test('every setting of the launcher is in docs/settings.md with its meaning, and in .env.example', () => {
  for (const [name, form] of Object.entries(launcherVariables.shape)) {
    expect(settingsDocument()).toMatch(new RegExp(`\\| \`${name}\` \\| \`.+\` \\| ${form.description} `));
    expect(example).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test('the link to the UI follows its port, also with .env.example copied to .env', () => {
  const settings = readLocalSettings({ ...parseEnv(example), TEMPORAL_UI_PORT: '8533' });
  expect(settings.temporalUiUrl).toBe('http://127.0.0.1:8533');
});

test('what the launcher sets itself may stand there with any value', () => {
  expect(readLocalSettings({ RAIL_INSTANT_URL: 'x', NOTICES_ALLOW_PRIVATE: 'x' }).databaseUrl).toBeNull();
});

test.each([
  [{ API_PORT: 'many' }, '  API_PORT: must be a port number. '],
  [{ API_PORT: '0' }, '  API_PORT: must be a port from 1 to 65535. '],
  [{ DATABASE_URL: 'mysql://u:hush@h/d' }, '  DATABASE_URL: must be a URL. '],
  [{ TEMPORAL_ADDRESS: 'http://h' }, '  TEMPORAL_ADDRESS: must be host:port. '],
])('refuses the setting %o in one sentence that does not repeat a secret', (environment, sentence) => {
  const read = () => readLocalSettings(environment);
  expect(read).toThrow(BadSettings);
  expect(read).toThrow(`These settings cannot be used:\n${sentence}`);
  expect(read).not.toThrow(/hush/);
});
