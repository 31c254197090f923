import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from '@jest/globals';
import { settingsDocument } from '../docs/generate/settings.ts';
import { defaultPorts, readLocalSettings, temporalUiUrl } from './settings.ts';

const example = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');

test('every setting of the launcher is in docs/settings.md with its default, and in .env.example', () => {
  for (const [name, standard] of Object.entries({ LOCAL_DATA: '.local', ...defaultPorts })) {
    expect(settingsDocument()).toContain(`| \`${name}\` | \`${standard}\` |`);
    expect(example).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test('the link to the UI follows its port, also with .env.example copied to .env', () => {
  const settings = readLocalSettings({ ...parseEnv(example), TEMPORAL_UI_PORT: '8533' });
  expect(temporalUiUrl(settings)).toBe('http://127.0.0.1:8533');
});
