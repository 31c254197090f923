import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { openOutput } from './output.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quittance-output-'));
  folders.push(folder);
  return folder;
}

test('output that arrives after its log was closed is not an error', () => {
  const printed: string[] = [];
  const folder = aFolder();
  const output = openOutput({ name: 'redis', folder, loudness: 'nothing', print: (line) => printed.push(line) });
  output.write('ready');
  output.close();
  output.write('bye bye');
  expect(readFileSync(join(folder, 'redis.log'), 'utf8')).toBe('ready\n');
  expect(output.lastOutput()).toEqual(['ready', 'bye bye']);
  expect(printed).toEqual([]);
});

// A device that is always full; without one (macOS) this cannot be tested.
const full = '/dev/full';
(existsSync(full) ? test : test.skip)('a full disk is reported once, and the child continues', () => {
  const printed: string[] = [];
  const folder = aFolder();
  symlinkSync(full, join(folder, 'worker.log'));
  const output = openOutput({ name: 'worker', folder, loudness: 'nothing', print: (line) => printed.push(line) });
  output.write('one');
  output.write('two');
  output.close();
  expect(printed).toEqual(['The disk is full: transfers wait until there is space again.']);
  expect(output.lastOutput()).toEqual(['one', 'two']);
});
