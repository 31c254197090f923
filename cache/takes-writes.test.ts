import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pino from 'pino';
import { type OwnRedis, startOwnRedis } from '../test/support/harness/redis.ts';
import { createBalanceCache } from './balances.ts';

let redis: OwnRedis | null = null;
beforeAll(async () => {
  redis = await startOwnRedis();
});
afterAll(() => redis?.kill());

test('a Redis that answers and refuses writes counts as away, and so does one that is gone', async () => {
  if (redis === null) throw new Error('this machine has no Redis');
  const url = redis.url;
  let failures = 0;
  const readMacKey = () => Promise.resolve(Buffer.alloc(32));
  const onFailure = () => {
    failures += 1;
  };
  // A busy machine may need longer than production waits.
  const waits = { putMs: 5_000, putMaxMs: 5_000, getMs: 5_000 };
  const cache = createBalanceCache({ url, log: pino({ level: 'silent' }), readMacKey, onFailure, waits });
  const admin = new Redis(url);
  while (!cache.isUp()) await admin.ping();
  expect(await cache.takesWrites()).toBe(true);
  await admin.config('SET', 'maxmemory-policy', 'noeviction');
  await admin.config('SET', 'maxmemory', '1');
  expect([cache.isUp(), await cache.takesWrites()]).toEqual([true, false]);
  expect(failures).toBeGreaterThan(0);
  await admin.config('SET', 'maxmemory', '0');
  expect(await cache.takesWrites()).toBe(true);
  admin.disconnect();
  await cache.close();
});
