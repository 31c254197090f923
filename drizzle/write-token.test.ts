import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../test/support/harness/in-time.ts';
import { keepToken, writeToken } from './write-token.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-'));
  path = join(folder, 'database');
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes `1`, `2`, `3`, …, and fails where it is told to. */
function counting(failsAt: readonly number[] = []) {
  let made = 0;
  return async () => {
    made += 1;
    if (failsAt.includes(made)) throw new Error(`no token ${made}`);
    return String(made);
  };
}

test('a token is in the file for its owner alone', async () => {
  await writeToken(path, counting());
  expect(await readFile(path, 'utf8')).toBe('1');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('it is renewed until it is ended, and one that cannot be made leaves the last one there', async () => {
  const stopping = new AbortController();
  const failures: string[] = [];
  const kept = keepToken({
    path,
    password: counting([2, 3]),
    signal: stopping.signal,
    onFailure: (error) => {
      failures.push(String(error));
    },
    waits: { renewMs: 5, againMs: 5 },
  });
  await until(async () => Number(await readFile(path, 'utf8').catch(() => '0')) >= 4);
  stopping.abort();
  await kept;
  expect(failures).toEqual(['Error: no token 2', 'Error: no token 3']);
  expect(await readFile(path, 'utf8')).not.toBe('');
});

test('without a token nothing is written', async () => {
  await expect(writeToken(path, counting([1]))).rejects.toThrow('no token 1');
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
