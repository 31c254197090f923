import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { page } from './page.ts';

const platforms = 'http://127.0.0.1:4010';
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

test.each([
  ['the page', page(platforms)],
  ['the README', readme],
])('no example of %s makes the bank of a running platform take or forget anything', (_, shown) => {
  const examples = shown.split('\n').filter((line) => line.includes('curl '));
  expect(examples.length).toBeGreaterThan(3);
  expect(examples.filter((line) => line.includes(':4010') && /instant|reset/.test(line))).toEqual([]);
  expect(shown).toMatch(/SIMULATOR_PORT=4011 .*simulator\/main\.ts/);
  expect(shown).toMatch(/(`|<code>)npm run verify(`|<\/code>) report\s+a\s+difference/);
});
