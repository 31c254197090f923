import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeLock } from '../supervise/lock.ts';
import { findRedis } from './find-redis.ts';
import { makeOnce } from './make-once.ts';

const path = process.env['PATH'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-cache-'));
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

const redis = () => join(folder, 'cache', 'redis');
const made = async (draft: string): Promise<void> => {
  mkdirSync(draft);
  writeFileSync(join(draft, 'whole'), '');
};

test('what a killed start was making is removed and made again', async () => {
  mkdirSync(join(`${redis()}.draft`, 'half'), { recursive: true });
  await makeOnce(redis(), made);
  expect(readdirSync(redis())).toEqual(['whole']);
  expect(existsSync(`${redis()}.draft`)).toBe(false);
});

test('what exists is not made again', async () => {
  await makeOnce(redis(), made);
  await makeOnce(redis(), async () => {
    throw new Error('made twice');
  });
});

test('what another process is making is awaited, and its draft stays', async () => {
  mkdirSync(`${redis()}.draft`, { recursive: true });
  const release = takeLock(`${redis()}.lock`);
  let waits = 0;
  const own = makeOnce(
    redis(),
    async () => Promise.reject(new Error('made twice')),
    () => {
      waits += 1;
      expect(existsSync(`${redis()}.draft`)).toBe(true);
      mkdirSync(redis());
      release?.();
    },
  );
  await own;
  expect(waits).toBe(1);
});

test('a failure leaves nothing, and the next call tries again', async () => {
  const fails = makeOnce(redis(), async (draft) => {
    mkdirSync(draft);
    throw new Error('no network');
  });
  await expect(fails).rejects.toThrow('no network');
  expect(readdirSync(join(folder, 'cache'))).toEqual(['redis.lock']);
  await makeOnce(redis(), made);
});

test('the search for a Redis removes what an interrupted fetch left', async () => {
  const draft = join(folder, `redis-debian-${process.arch}.draft`);
  mkdirSync(draft);
  process.env['PATH'] = folder; // No apt-get there, so nothing is fetched.
  expect(await findRedis(() => {}, folder)).toBeNull();
  expect(existsSync(draft)).toBe(false);
});
