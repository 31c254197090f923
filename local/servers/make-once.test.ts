import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findRedis } from './find-redis.ts';
import { removeAbandoned } from './make-once.ts';

/** Above every pid that a system gives. */
const nobody = 2 ** 31 - 2;
const path = process.env['PATH'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-cache-'));
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

test('what a killed start was fetching is removed; what a living one fetches, and what is whole, stays', () => {
  const kept = ['redis', `redis.${process.pid}`, 'redis.notes', `redis-next.${nobody}`];
  for (const name of [...kept, `redis.${nobody}`]) mkdirSync(join(folder, name, 'root'), { recursive: true });
  removeAbandoned(join(folder, 'redis'));
  expect(readdirSync(folder).toSorted()).toEqual(kept.toSorted());
  removeAbandoned(join(folder, 'absent', 'redis'));
});

test('whoever looks for a Redis removes what an interrupted fetch left', async () => {
  mkdirSync(join(folder, `redis-debian-${process.arch}.${nobody}`));
  process.env['PATH'] = folder; // No apt-get there, so nothing is fetched.
  expect(await findRedis(folder, () => {})).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});
