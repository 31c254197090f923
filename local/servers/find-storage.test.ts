import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findStorage } from './find-storage.ts';
import { folderOfCopy, makeFolderOfCopy } from './storage.ts';

const { PATH } = process.env;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-storage-'));
  process.env['PATH'] = folder; // No versitygw there, and no Go.
});
afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

test('without Go there is no server, one sentence names the ways, and nothing is left in the cache', async () => {
  const printed: string[] = [];
  expect(await findStorage((line) => printed.push(line), join(folder, 'cache'))).toBeNull();
  expect(printed).toEqual([
    'For an S3 on this machine install `versitygw`, or Go 1.26 or newer to have it built, or set STORAGE_URL.',
  ]);
  expect(existsSync(join(folder, 'cache', 'versitygw'))).toBe(false);
});

test('a copy goes on as it began: with its folder, and not with a folder beside the objects of its server', () => {
  expect(folderOfCopy(folder)).toBeNull();
  const url = makeFolderOfCopy(folder);
  expect(folderOfCopy(folder)).toBe(url);
  rmSync(join(folder, 'objects'), { recursive: true });
  mkdirSync(join(folder, 'storage'));
  expect(() => makeFolderOfCopy(folder)).toThrow(/which cannot be had now: install it, or Go 1\.26 or newer/);
});
